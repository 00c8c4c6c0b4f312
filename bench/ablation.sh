#!/usr/bin/env bash
# What each runtime knob is worth: hotloop-epoll with one thing changed at a time, against itself unchanged.
# The variables of run.sh (ROUNDS, MEASURE, ...) apply; bench/README.md says how to read the table.
set -euo pipefail
cd "$(dirname "$0")/.."

BASE=hotloop-epoll
OUT=artifacts/bench
contenders=$BASE
titles=default

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

# One line per row. A label has small letters, digits and underscores.
add "$BASE+again" "default again: the noise"
with_env nopgo DOTNET_TieredPGO=0
with_env calldelay DOTNET_TC_CallCountingDelayMs=100
with_env notiers DOTNET_TieredCompilation=0
with_env nor2r DOTNET_ReadyToRun=0
with_env servergc DOTNET_gcServer=1
with_env concurrentgc DOTNET_gcConcurrent=1
with_env gen0size DOTNET_GCgen0size=0x4000000
with_args loops1 --loops 1
with_args loops2 --loops 2
with_args pin --pin
add hotloop-uring "hotloop-uring"

status=0
CONTENDERS=$contenders CASES="echo idle" USER_SHARE=0 bench/run.sh >/dev/null || status=$?
[[ $status == [03] ]] || exit "$status" # 3: a measurement failed, which leaves gaps
awk -v contenders="$contenders" -v titles="$titles" -f bench/rounds.awk -f bench/ablation.awk "$OUT/raw.txt" |
    tee "$OUT/ablation.md"
exit "$status"
