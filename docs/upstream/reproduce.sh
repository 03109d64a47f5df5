#!/bin/sh
# sh reproduce.sh CASE [COLLECTOR]: runs one folder of this directory in a Collector and prints the records that come out.
# A folder may bring its own steps.sh, which acts on $INPUT while the Collector reads it.
set -eu
cd "$(dirname "$0")/$1"
export WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT
export INPUT="$WORK/input.log"
: >"$WORK/log"
if [ -f input.txt ]; then cp input.txt "$INPUT"; fi
"${2:-otelcol-contrib}" --config collector.yaml >"$WORK/log" 2>&1 &
pid=$!

# Waits until a word stands in the log, for a minute at most, or until the Collector has gone.
wait_for() {
  left=60
  until grep -q "$1" "$WORK/log" || [ "$left" -eq 0 ] || ! kill -0 "$pid" 2>/dev/null; do sleep 1; left=$((left - 1)); done
}

# Waits until nothing has been added to the log for four seconds.
wait_until_quiet() {
  before=-1
  size=$(wc -c <"$WORK/log")
  while [ "$size" -ne "$before" ]; do
    before=$size
    sleep 4
    size=$(wc -c <"$WORK/log")
  done
}

wait_for 'Everything is ready'
if [ -f steps.sh ]; then . ./steps.sh; fi
wait_for '^Body:'
wait_until_quiet
kill "$pid" 2>/dev/null || true
wait "$pid" 2>/dev/null || true
grep -E '^(Body:|     -> |panic:)' "$WORK/log" | grep -v 'log.file.name' || { echo 'no record came out; the Collector said:'; tail -n 20 "$WORK/log"; exit 1; }
