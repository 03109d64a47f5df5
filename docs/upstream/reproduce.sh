#!/bin/sh
# sh reproduce.sh CASE [COLLECTOR]: runs one folder of this directory in a Collector and prints the records that come out.
# A folder may bring its own steps.sh, which acts on $INPUT while the Collector reads it.
set -eu
cd "$(dirname "$0")/$1"
export WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT
export INPUT="$WORK/input.log"
if [ -f input.log ]; then cp input.log "$INPUT"; fi
"${2:-otelcol-contrib}" --config collector.yaml >"$WORK/log" 2>&1 &
pid=$!
if [ -f steps.sh ]; then sh steps.sh; fi
sleep "${SECONDS_TO_READ:-3}"
kill "$pid"
wait "$pid" 2>/dev/null || true
grep -E '^(Body:|     -> )' "$WORK/log" | grep -v 'log.file.name' || { echo 'no record came out; the Collector said:'; tail -n 20 "$WORK/log"; exit 1; }
