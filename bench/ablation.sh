#!/usr/bin/env bash
# What each knob is worth: hotloop-epoll with one thing changed at a time, against itself unchanged. Two tables: the runtime's knobs under
# a full load and with idle connections; how it accepts and waits, under short connections and under a light load.
# The variables of run.sh (ROUNDS, MEASURE, ...) apply; bench/README.md says how to read the tables.
set -euo pipefail
cd "$(dirname "$0")/.."

BASE=hotloop-epoll
OUT=artifacts/bench

begin() {
    contenders=$BASE
    titles=default
    add "$BASE+again" "default again: the noise"
}

add() { # CONTENDER TITLE
    contenders+=" $1"
    titles+="|$2"
}

with_env() { # LABEL NAME=VALUE...
    export "ENV_$1=${*:2}"
    add "$BASE+$1" "${*:2}"
}

with_args() { # LABEL OPTION...
    export "ARGS_$1=${*:2}"
    add "$BASE+$1" "${*:2}"
}

measure() { # CASES COLUMNS: measures what was added since begin, and prints its table
    local status=0
    CONTENDERS=$contenders CASES=$1 USER_SHARE=0 bench/run.sh >/dev/null || status=$?
    [[ $status == [03] ]] || exit "$status" # 3: a measurement failed, which leaves gaps
    awk -v contenders="$contenders" -v titles="$titles" -v columns="$2" -f bench/rounds.awk -f bench/ablation.awk "$OUT/raw.txt" |
        tee -a "$OUT/ablation.md"
    worst=$((status > worst ? status : worst))
}

make -s build
mkdir -p "$OUT"
: >"$OUT/ablation.md"
worst=0

# One line per row. A label has small letters, digits and underscores.
begin
with_env nopgo DOTNET_TieredPGO=0
with_env calldelay DOTNET_TC_CallCountingDelayMs=100
with_env notiers DOTNET_TieredCompilation=0
with_env nor2r DOTNET_ReadyToRun=0
with_env servergc DOTNET_gcServer=1
with_env concurrentgc DOTNET_gcConcurrent=1
with_env nursery DOTNET_GCGen0MaxBudget=0x10000000
with_args loops1 --loops 1
with_args loops2 --loops 2
with_args pin --pin
add hotloop-uring "hotloop-uring"
measure "echo idle" "echo:server_cpu_us_per_req:CPU µs per request, echo:%.2f:ratio|idle:bytes_per_conn:idle bytes per connection:%.0f"

echo | tee -a "$OUT/ablation.md"
begin
with_args loops2 --loops 2
with_args shared --loops 2 --shared-listener
with_args poll50us --busy-poll 0.05ms
with_args poll1ms --busy-poll 1ms
add hotloop-uring "hotloop-uring"
LATENCY_RATE=${LATENCY_RATE:-2000} measure "churn latency" \
    "churn:server_cpu_us_per_req:CPU µs per connection, churn:%.2f:ratio|latency:p50_us:p50 µs, light load:%.0f|latency:p99_us:p99 µs:%.0f|latency:server_cpu_us_per_req:CPU µs per request, light load:%.1f"
exit "$worst"
