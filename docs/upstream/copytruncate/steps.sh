# What logrotate's copytruncate does to a program that begins each file with the same text.
banner() { i=10; while [ "$i" -lt 30 ]; do echo "line $i of a start-up text that is the same in every file ................"; i=$((i + 1)); done; }
{ banner; echo 'old line 1'; echo 'old line 2'; echo 'old line 3'; echo 'old line 4'; } >"$INPUT"
wait_for "^Body:"
wait_until_quiet
cp "$INPUT" "$INPUT.1"
: >"$INPUT"
{ banner; echo 'new line 1'; echo 'new line 2'; echo 'new line 3'; } >>"$INPUT"
