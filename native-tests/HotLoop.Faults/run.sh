#!/usr/bin/env bash
# The reliability scenarios in full, each row shown as it comes. ONLY=9 or ONLY=9,10: these; all of them also write native-tests/RELIABILITY.md.
# SEEDS=n: instead, n seeds of the fault seam in the conformance suite.
set -uo pipefail
cd "$(dirname "$0")/../.."
. native-tests/dotnet.sh

if [[ ${SEEDS:-} ]]; then
    configuration=${CONFIGURATION:-Release}
    build_tests HotLoop.Conformance "$configuration" || exit 1
    HOTLOOP_FAULT_SEEDS=$SEEDS run_tests HotLoop.Conformance "$configuration" --filter SeedTests
    exit
fi

filter=
for number in $(tr ',' ' ' <<<"${ONLY:-}"); do
    filter+=${filter:+|}Scenario=$number
done
build_tests HotLoop.Faults Release || exit 1
out=artifacts/faults
rm -rf "$out"
mkdir -p "$out"
: >"$out/log.txt"
tail -n +1 -f "$out/log.txt" &
tail=$!
run() { HOTLOOP_FAULTS=full run_tests HotLoop.Faults Release --filter "$1" >>"$out/test.txt" 2>&1; }
status=0
if [[ $filter ]]; then
    run "$filter" || status=1
else
    # 15 in a process of its own: threads that the pool makes while it is in its network namespace stay there.
    run 'Scenario!=15' || status=1
    run 'Scenario=15' || status=1
fi
sleep 0.5 # the last lines
kill "$tail"
if [[ ! $filter && -f $out/rows.jsonl ]]; then
    dotnet exec "$(tests_of HotLoop.Faults Release)" table "$out/rows.jsonl"
fi
grep -E '^(Passed|Failed)!|SKIP' "$out/test.txt" || tail -n 20 "$out/test.txt"
exit "$status"
