# One line of 2 MiB and 19 bytes, and one after it.
{ printf '{"begin":"'; head -c 2097152 /dev/zero | tr '\0' x; printf '","e":1}\n'; echo '{"next":"line"} '; } >"$INPUT"
