#!/usr/bin/env bash
# Runs this project RUNS times in Release and then as often in Debug, each time with seeds that the runs before did not have. Stops at
# the first failure and shows what failed.
#
#   native-tests/HotLoop.Stress/run.sh                             20 times each
#   RUNS=2 native-tests/HotLoop.Stress/run.sh                      twice each
#   HOTLOOP_STRESS_SEEDS=30 RUNS=1 native-tests/HotLoop.Stress/run.sh   ten times the usual number of seeds
set -euo pipefail
cd "$(dirname "$0")/../.."
. native-tests/dotnet.sh

RUNS=${RUNS:-20}
SEED=${HOTLOOP_STRESS_SEED:-1}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
began=$SECONDS

for configuration in Release Debug; do
    build_tests HotLoop.Stress $configuration
    for ((run = 1; run <= RUNS; run++)); do
        start=$SECONDS
        if ! HOTLOOP_STRESS_SEED=$SEED run_tests HotLoop.Stress $configuration >"$log" 2>&1; then
            cat "$log"
            echo "$configuration run $run of $RUNS, seeds from $SEED: failed after $((SECONDS - start)) s"
            exit 1
        fi
        echo "$configuration run $run of $RUNS, seeds from $SEED: passed in $((SECONDS - start)) s"
        SEED=$((SEED + ${HOTLOOP_STRESS_SEEDS:-3}))
    done
done
echo "stress: $RUNS runs in Release and $RUNS in Debug passed in $((SECONDS - began)) s"
