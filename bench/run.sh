#!/usr/bin/env bash
# Builds the baselines, runs every contender under the same load, prints markdown tables.
# bench/README.md says how to read them.
#
#   bench/run.sh                                                  everything, some ten minutes
#   QUICK=1 bench/run.sh                                          one short round: does it all work?
#   CONTENDERS="c-epoll hotloop" CASES="echo churn" bench/run.sh  a part
set -euo pipefail
cd "$(dirname "$0")/.."

# One line per contender. PORT is filled in; the first word with a slash is the program.
declare -A COMMANDS=(
    [hotloop]="out/hotloop echo --listen 127.0.0.1:PORT --backend epoll --loops 1"
    [c-epoll]="artifacts/bench/echo_epoll PORT"
    [go]="env GOMAXPROCS=1 artifacts/bench/echo_go PORT"
    [sockets]="artifacts/bench/sockets/SocketsEcho PORT"
)
REFERENCE=hotloop # the ratios are this one's

QUICK=${QUICK:-0}
if [[ $QUICK == 1 ]]; then
    ROUNDS=${ROUNDS:-1} WARMUP=${WARMUP:-1} MEASURE=${MEASURE:-1}
fi
ROUNDS=${ROUNDS:-5}
WARMUP=${WARMUP:-3}   # seconds; long enough for the .NET JIT to reach its last tier
MEASURE=${MEASURE:-4} # seconds
CASES=${CASES:-echo churn idle}
CONTENDERS=${CONTENDERS:-hotloop c-epoll go sockets}
IDLE_CONNS=${IDLE_CONNS:-15000}
PORT=${PORT:-17000} # the first port tried
SERVER_CORE=0
LOAD_CORE=1
PERF_SECONDS=2
SETTLE=2 # seconds between the last connection and reading the memory

OUT=artifacts/bench
RAW=$OUT/raw.txt
SERVER_PID=
LOAD_PID=
FAILED=0

note() { echo "bench: $*" >&2; }

die() {
    note "$*"
    exit 1
}

# ---------------------------------------------------------------- processes

alive() { [[ -n $1 && -d /proc/$1 ]]; }

# until_true SECONDS COMMAND...: polls; fails when the time is over.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.05
    done
}

gone() { ! alive "$1"; }

stop() { # PID
    alive "$1" || return 0
    kill -TERM "$1" 2>/dev/null || true
    if until_true 5 gone "$1"; then return 0; fi
    note "process $1 ignored SIGTERM for 5 s: SIGKILL"
    kill -KILL "$1" 2>/dev/null || true
    until_true 5 gone "$1"
}

cleanup() {
    set +e # go through with it whatever fails
    stop "$LOAD_PID"
    stop "$SERVER_PID"
    rm -f "$OUT/hold"
}

accepts() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

accepts_or_ended() { accepts "$PORT" || gone "$SERVER_PID"; }

start_server() { # NAME: sets PORT and SERVER_PID
    PORT=$((PORT + 1))
    while accepts "$PORT"; do PORT=$((PORT + 1)); done
    local words
    read -ra words <<<"${COMMANDS[$1]//PORT/$PORT}"
    taskset -c "$SERVER_CORE" "${words[@]}" >"$OUT/$1.log" 2>&1 9>&- &
    SERVER_PID=$!
    disown "$SERVER_PID" # so that bash does not report how it ended
    if ! until_true 10 accepts_or_ended || gone "$SERVER_PID"; then
        note "$1 did not start, see $OUT/$1.log"
        return 1
    fi
}

stop_server() {
    stop "$SERVER_PID"
    SERVER_PID=
}

# The driver on its own core, never longer than a minute over its time. Replaces the (sub)shell.
load() { # MODE OPTIONS...
    local mode=$1
    shift
    exec taskset -c "$LOAD_CORE" timeout --foreground "$((WARMUP + MEASURE + PERF_SECONDS + 60))" \
        "$OUT/load" "$mode" 127.0.0.1 "$PORT" "$@"
}

start_load() { # LOG MODE OPTIONS...: in the background; sets LOAD_PID
    local log=$1
    shift
    : >"$log"
    (load "$@") >"$log" 2>&1 9>&- &
    LOAD_PID=$!
}

said_or_ended() { grep -q "$1" "$2" || gone "$LOAD_PID"; }

finish_load() {
    local status=0
    wait "$LOAD_PID" || status=$?
    LOAD_PID=
    return "$status"
}

# ---------------------------------------------------------------- building

drop() { # NAME: takes it out of CONTENDERS
    local name kept=()
    for name in $CONTENDERS; do
        [[ $name == "$1" ]] || kept+=("$name")
    done
    CONTENDERS=${kept[*]}
}

build() { # NAME TOOL COMMAND...
    local name=$1 tool=$2
    shift 2
    [[ " $CONTENDERS " == *" $name "* ]] || return 0
    if ! command -v "$tool" >/dev/null; then
        note "skipping $name: $tool is not installed"
        drop "$name"
        return 0
    fi
    "$@" >"$OUT/build-$name.log" 2>&1 || die "building $name failed, see $OUT/build-$name.log"
}

build_all() {
    note "building"
    command -v gcc >/dev/null || die "the load driver needs gcc"
    gcc -O2 -Wall -Wextra -std=gnu11 -o "$OUT/load" bench/load.c
    build c-epoll gcc gcc -O2 -Wall -Wextra -std=gnu11 -o "$OUT/echo_epoll" bench/baselines/echo_epoll.c
    build go go go build -o "$OUT/echo_go" bench/baselines/echo.go
    # No build server may stay behind and compute beside the measurement.
    build sockets dotnet dotnet publish bench/baselines/SocketsEcho -c Release -o "$OUT/sockets" \
        --nologo -nodeReuse:false -p:UseSharedCompilation=false
}

check_contenders() {
    local name word
    for name in $CONTENDERS; do
        [[ -n ${COMMANDS[$name]:-} ]] || die "no such contender: $name"
        for word in ${COMMANDS[$name]}; do
            [[ $word == */* ]] || continue
            if [[ ! -x $word ]]; then
                note "skipping $name: $word is not there"
                drop "$name"
            fi
            break
        done
    done
    [[ -n $CONTENDERS ]] || die "no contender left"
}

# ---------------------------------------------------------------- measuring

record() { echo "$*" >>"$RAW"; }

# echo and churn: the driver samples the server's CPU clock around its measured window.
measure_load() { # CASE NAME ROUND
    local line
    line=$(load "$1" --warmup "$WARMUP" --seconds "$MEASURE" --server-pid "$SERVER_PID" | grep seconds=) || return 1
    record "case=$1 round=$3 contender=$2 $line"
}

# Rss here is VmRSS counted page by page; VmRSS itself may lag by some pages per core.
rss_kb() { awk '/^Rss:/ { print $2 }' "/proc/$SERVER_PID/smaps_rollup"; }

# Memory per idle connection: what the server gained by the connections, after a small warm-up so
# that code and buffers every server needs once are not counted.
measure_idle() { # CASE NAME ROUND
    local before after log=$OUT/idle.log
    start_load "$log" idle --conns 200 --seconds 0
    finish_load || return 1
    sleep "$SETTLE"
    before=$(rss_kb) || return 1

    rm -f "$OUT/hold"
    mkfifo "$OUT/hold"
    exec 8<>"$OUT/hold" # the driver holds its connections until a line comes in here
    start_load "$log" idle --conns "$IDLE_CONNS" --seconds 60 <&8
    if ! until_true 60 said_or_ended ready "$log" || gone "$LOAD_PID"; then
        note "the idle connections did not come about, see $log"
        return 1
    fi
    sleep "$SETTLE"
    after=$(rss_kb) || return 1
    echo >&8
    finish_load || return 1
    exec 8>&-
    record "case=$1 round=$3 contender=$2 before_kb=$before after_kb=$after" \
        "bytes_per_conn=$(((after - before) * 1024 / IDLE_CONNS)) $(tail -n 1 "$log")"
}

# The share of user mode in the server's CPU time, by samples of where it was found. A run of its
# own, because sampling costs time.
measure_user_share() { # NAME
    local log=$OUT/perf.log data=$OUT/server.perf.data
    # perf needs a second or two to get going beside the driver; the load must outlast it.
    start_load "$log" echo --warmup "$WARMUP" --seconds $((PERF_SECONDS + 3))
    until_true $((WARMUP + 20)) said_or_ended measuring "$log" || true
    taskset -c "$LOAD_CORE" perf record -q -e cpu-clock -p "$SERVER_PID" -o "$data" -- \
        sleep "$PERF_SECONDS" >/dev/null 2>&1 || return 1
    finish_load || return 1
    # The kernel's addresses are the upper half of the address space. A thousand samples are few
    # enough to expect in two seconds and many enough for a percentage.
    record "case=echo round=0 contender=$1 $(perf script -i "$data" -F ip 2>/dev/null | awk '
        length($1) < 16 || $1 !~ /^ffff/ { user++ }
        END { if (NR >= 1000) printf "user_pct=%.1f ", 100 * user / NR; print "samples=" NR }')"
    rm -f "$data"
}

# Every measurement has a server of its own: fresh memory, fresh JIT, fresh address layout.
with_server() { # NAME COMMAND...
    local status=0
    if ! start_server "$1" || ! "${@:2}"; then
        status=1
    fi
    stop "$LOAD_PID"
    LOAD_PID=
    stop_server
    if ((status)); then
        note "failed: $1: ${*:2}"
        FAILED=1
    fi
}

run_round() { # ROUND
    local round=$1 case name i
    local -a names
    read -ra names <<<"$CONTENDERS"
    for case in $CASES; do
        for ((i = 0; i < ${#names[@]}; i++)); do
            name=${names[(round + i) % ${#names[@]}]} # nobody is always the first
            note "round $round/$ROUNDS $case $name"
            case $case in
                idle) with_server "$name" measure_idle "$case" "$name" "$round" ;;
                *) with_server "$name" measure_load "$case" "$name" "$round" ;;
            esac
        done
    done
}

run_user_shares() {
    local name
    [[ " $CASES " == *" echo "* ]] || return 0
    if ! command -v perf >/dev/null; then
        note "no user-mode share: perf is not installed"
        return 0
    fi
    for name in $CONTENDERS; do
        note "user-mode share $name"
        with_server "$name" measure_user_share "$name"
    done
}

# ---------------------------------------------------------------- printing

commit() {
    local id
    id=$(git rev-parse --short --verify -q HEAD) || id=none
    [[ -z $(git status --porcelain) ]] || id+=" (dirty)"
    echo "$id"
}

versions() {
    gcc -dumpfullversion | sed 's/^/gcc /'
    ! command -v go >/dev/null || go version | awk '{ print $3 }'
    ! command -v dotnet >/dev/null || dotnet --version | sed 's/^/.NET SDK /'
}

print_header() {
    echo "- date: $(date -u '+%Y-%m-%d %H:%M UTC')"
    echo "- commit: $(commit)"
    echo "- kernel: $(uname -r), TCP congestion control $(cat /proc/sys/net/ipv4/tcp_congestion_control)"
    echo "- CPU: $(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) cores," \
        "load average at the start $(cut -d' ' -f1 /proc/loadavg)"
    echo "- pinning: server on core $SERVER_CORE, load driver on core $LOAD_CORE"
    echo "- rounds: $ROUNDS, each with $WARMUP s of warm-up and $MEASURE s measured; medians"
    echo "- tools: $(versions | paste -sd, | sed 's/,/, /g')"
}

print_tables() {
    local case
    for case in $CASES; do
        echo
        awk -v which="$case" -v contenders="$CONTENDERS" -v reference="$REFERENCE" -v idle_conns="$IDLE_CONNS" \
            -f bench/table.awk "$RAW"
    done
}

main() {
    local tool
    for tool in awk taskset flock; do
        command -v "$tool" >/dev/null || die "$tool is needed"
    done
    (($(nproc) >= 2)) || die "two cores are needed: one for the server, one for the load"
    ulimit -n "$(ulimit -Hn)" # for the idle connections
    mkdir -p "$OUT"
    exec 9>"$OUT/lock"
    flock -n 9 || die "another run is under way; two would measure each other"
    build_all
    check_contenders

    trap cleanup EXIT
    trap 'exit 130' INT TERM
    local header round
    header=$(print_header)
    : >"$RAW"
    for ((round = 1; round <= ROUNDS; round++)); do
        run_round "$round"
    done
    run_user_shares
    {
        echo "$header"
        print_tables
    } | tee "$OUT/results.md"
    return "$FAILED"
}

main
