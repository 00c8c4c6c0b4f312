#!/usr/bin/env bash
# Builds the baselines, runs every contender under the same load, prints markdown tables.
# bench/README.md says how to read them.
#
#   bench/run.sh                                                  everything, tens of minutes
#   CASE=echo PEERS=c-epoll,go bench/run.sh                       HotLoop and these, short
#   QUICK=1 bench/run.sh                                          one short round: does it all work?
#   CONTENDERS="c-uring hotloop-uring" CASES="echo busy" bench/run.sh   a part
#   CONTENDERS="c-uring c-uring+direct" ARGS_direct="--send direct" bench/run.sh   a variant beside it
set -euo pipefail
cd "$(dirname "$0")/.."

# One line per contender. PORT and MODE (echo, or discard for bulk) are filled in; one without a MODE serves
# HTTP. The first word with a slash is the program. HotLoop has one loop, since the server has one core.
declare -A COMMANDS=(
    [hotloop-epoll]="out/hotloop MODE --listen 127.0.0.1:PORT --backend epoll"
    [hotloop-uring]="out/hotloop MODE --listen 127.0.0.1:PORT --backend io_uring"
    [hotloop-native]="out/native/hotloop MODE --listen 127.0.0.1:PORT --backend epoll"
    [c-epoll]="artifacts/bench/echo_epoll PORT MODE"
    [c-uring]="artifacts/bench/echo_uring PORT MODE"
    [go]="env GOMAXPROCS=1 artifacts/bench/echo_go PORT MODE"
    [sockets]="artifacts/bench/sockets/SocketsEcho PORT MODE"
    [sockets-inline]="env DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1 artifacts/bench/sockets/SocketsEcho PORT MODE"
    [kestrel]="artifacts/bench/kestrel/KestrelHello PORT"
    [go-http]="env GOMAXPROCS=1 artifacts/bench/hello_go PORT"
)
DEFAULT_CONTENDERS="hotloop-epoll hotloop-uring c-epoll c-uring go sockets sockets-inline kestrel go-http"

# What the driver does in a case. RATE is filled in.
declare -A LOADS=(
    [echo]="echo --conns 100 --size 64"
    [pipelined]="echo --conns 100 --size 64 --depth 16"
    [wide]="echo --conns 1000 --size 512"
    [churn]="churn --conns 32 --size 64"
    [bulk]="bulk --conns 4"
    [latency]="open --conns 100 --size 64 --rate RATE"
    [busy-1]="echo --conns 1 --size 64"
    [busy-100]="echo --conns 100 --size 64"
    [busy-1000]="echo --conns 1000 --size 64"
    [http]="http --conns 100"
    [http-close]="http --conns 32 --close"
)
BUSY="busy-1 busy-100 busy-1000"
DEFAULT_CASES="echo pipelined wide churn bulk latency idle busy http http-close"

note() { echo "bench: $*" >&2; }

die() {
    note "$*"
    exit 1
}

unique() { tr -s ' ' '\n' <<<"$1" | awk 'NF && !seen[$0]++' | paste -sd ' '; } # "WORD..."

# CASE and PEERS choose a part, with the defaults of a short run.
if [[ -n ${CASE:-}${PEERS:-} ]]; then
    [[ -z ${CASE:-} || -z ${CASES:-} ]] || die "CASE and CASES both name the cases; one is enough"
    [[ -z ${PEERS:-} || -z ${CONTENDERS:-} ]] || die "PEERS and CONTENDERS both name the contenders; one is enough"
    [[ -z ${CASE:-} ]] || CASES=${CASE//,/ }
    [[ -z ${PEERS:-} ]] || CONTENDERS="hotloop-epoll ${PEERS//,/ }"
    MEASURE=${MEASURE:-1} USER_SHARE=${USER_SHARE:-0}
fi

QUICK=${QUICK:-0}
if [[ $QUICK == 1 ]]; then
    ROUNDS=${ROUNDS:-1} WARMUP=${WARMUP:-0} MEASURE=${MEASURE:-1} IDLE_CONNS=${IDLE_CONNS:-2000}
    BUSY="busy-1000"
fi
ROUNDS=${ROUNDS:-3}
WARMUP=${WARMUP:-3}   # seconds; long enough for the .NET JIT to reach its last tier
MEASURE=${MEASURE:-3} # seconds
USER_SHARE=${USER_SHARE:-1} # 0: the share of user mode in the echo case is not taken
CASES=${CASES:-$DEFAULT_CASES}
CONTENDERS=${CONTENDERS:-$DEFAULT_CONTENDERS}
IDLE_CONNS=${IDLE_CONNS:-18000}
LATENCY_RATE=${LATENCY_RATE:-} # requests a second; empty: half of what the better C server does
PORT=${PORT:-17000}            # the first port tried
SERVER_CORE=0
LOAD_CORE=1
PERF_SECONDS=2
SETTLE=0.2    # seconds between the last connection and reading the memory
LONG_SETTLE=2 # the same, of the first reading

# The calls that are counted by name; any others are one number.
CALL_NAMES="read write readv writev recvfrom recvmsg sendto sendmsg accept4 close shutdown getsockopt setsockopt
    epoll_wait epoll_pwait epoll_pwait2 epoll_ctl io_uring_enter poll ppoll futex sched_yield madvise nanosleep"
CALL_EVENTS=   # of those, what perf can count here
CALL_COUNTER=  # perf, strace, or nothing

OUT=artifacts/bench
RAW=$OUT/raw.txt
README=bench/README.md # of which a full run writes the lines between these two
RESULTS_BEGIN="<!-- results: make bench writes what follows -->"
RESULTS_END="<!-- end of results -->"
SERVER_PID=
LOAD_PID=
HOLDER_PIDS=() # of the idle case, the drivers that hold connections
TRACE_PID=
FAILED=0

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
    for LOAD_PID in "${HOLDER_PIDS[@]}"; do stop "$LOAD_PID"; done
    stop "$TRACE_PID"
    stop "$SERVER_PID"
    rm -f "$OUT/hold"
}

accepts() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

accepts_or_ended() { accepts "$PORT" || gone "$SERVER_PID"; }

# NAME, or NAME+LABEL: the same with ARGS_LABEL behind it and ENV_LABEL in its environment.
command_of() {
    local base=${1%%+*} label=${1#*+} command
    command=${COMMANDS[$base]:-}
    if [[ $1 == *+* && -n $command ]]; then
        local args=ARGS_$label env=ENV_$label
        command="${!env:+env ${!env} }$command ${!args:-}"
    fi
    echo "$command"
}

start_server() { # NAME MODE: sets PORT and SERVER_PID
    PORT=$((PORT + 1))
    while accepts "$PORT"; do PORT=$((PORT + 1)); done
    local words command
    command=$(command_of "$1")
    command=${command//PORT/$PORT}
    read -ra words <<<"${command//MODE/$2}"
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
    # Without the first of these, bash gives a command in the background an empty standard input.
    (load "$@") <&0 >"$log" 2>&1 9>&- &
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

drop() { # NAME: takes it, and its variants, out of CONTENDERS
    local name kept=()
    for name in $CONTENDERS; do
        [[ $name == "$1" || $name == "$1"+* ]] || kept+=("$name")
    done
    CONTENDERS=${kept[*]}
}

build() { # "NAME..." TOOL COMMAND...: what these contenders run
    local name tool=$2 wanted=()
    for name in $1; do
        [[ ! " $CONTENDERS " =~ \ "$name"(\+[a-z0-9_]+)?\  ]] || wanted+=("$name")
    done
    shift 2
    ((${#wanted[@]})) || return 0
    if ! command -v "$tool" >/dev/null; then
        note "skipping ${wanted[*]}: $tool is not installed"
        for name in "${wanted[@]}"; do
            drop "$name"
        done
        return 0
    fi
    "$@" >"$OUT/build-${wanted[0]}.log" 2>&1 || die "building ${wanted[0]} failed, see $OUT/build-${wanted[0]}.log"
}

# No build server may stay behind and compute beside the measurement.
publish() { # "NAME..." PROJECT DIRECTORY
    build "$1" dotnet dotnet publish "bench/baselines/$2" -c Release -o "$OUT/$3" \
        --nologo -nodeReuse:false -p:UseSharedCompilation=false
}

build_all() {
    note "building"
    command -v gcc >/dev/null || die "the load driver needs gcc"
    gcc -O2 -Wall -Wextra -std=gnu11 -o "$OUT/load" bench/load.c
    local server
    for server in echo_epoll echo_uring; do # always: the rate of the latency case comes from them
        gcc -O2 -Wall -Wextra -std=gnu11 -o "$OUT/$server" "bench/baselines/$server.c"
    done
    build go go go build -o "$OUT/echo_go" bench/baselines/echo.go
    build go-http go go build -o "$OUT/hello_go" bench/baselines/hello.go
    publish "sockets sockets-inline" SocketsEcho sockets
    publish kestrel KestrelHello kestrel
}

check_names() {
    local case name
    for case in $CASES; do
        [[ $case == @(idle|busy) || -n ${LOADS[$case]:-} ]] ||
            die "no such case: $case; there are: $DEFAULT_CASES $BUSY"
    done
    for name in $CONTENDERS; do
        [[ -n $(command_of "$name") ]] || die "no such contender: $name; there are: $DEFAULT_CONTENDERS"
    done
}

# Who takes part in a case: in those of HTTP the servers of HTTP, in the others the others.
names_of() { # CASE: sets NAMES
    local name
    NAMES=()
    for name in $CONTENDERS; do
        case "$1 ${COMMANDS[${name%%+*}]}" in
            http*MODE*) ;;
            http* | *MODE*) NAMES+=("$name") ;;
        esac
    done
}

drop_empty_cases() {
    local case kept=()
    for case in $CASES; do
        names_of "$case"
        if ((${#NAMES[@]})); then
            kept+=("$case")
        else
            note "skipping $case: no contender serves it"
        fi
    done
    ((${#kept[@]})) || die "no case left"
    CASES=${kept[*]}
}

check_contenders() {
    local name word
    for name in $CONTENDERS; do
        [[ " $CONTENDERS " == *" $name "* ]] || continue # went with the one it is a variant of
        for word in ${COMMANDS[${name%%+*}]}; do
            [[ $word == */* ]] || continue
            if [[ ! -x $word ]]; then
                note "skipping $name: $word is not there"
                drop "$name"
            elif ! start_server "$name" echo 2>/dev/null; then
                # Most likely a backend that this machine or this build does not have.
                note "skipping $name: it does not start: $(head -n 1 "$OUT/$name.log")"
                drop "$name"
            fi
            stop_server
            break
        done
    done
    [[ -n $CONTENDERS ]] || die "no contender left"
}

# ---------------------------------------------------------------- measuring

record() { echo "$*" >>"$RAW"; }

load_words() { # CASE: sets LOAD_WORDS
    read -ra LOAD_WORDS <<<"${LOADS[$1]//RATE/${LATENCY_RATE:-0}}"
}

# The driver samples the server's CPU clock around its measured window.
measure_load() { # CASE NAME ROUND
    local line
    load_words "$1"
    line=$(load "${LOAD_WORDS[@]}" --warmup "$WARMUP" --seconds "$MEASURE" --server-pid "$SERVER_PID" | grep seconds=) ||
        return 1
    record "case=$1 round=$3 contender=$2 $line"
}

best_c_rate() { # half of it, in whole hundreds
    awk '$1 == "case=echo" && $3 ~ /^contender=c-(epoll|uring)$/ {
            for (i = 4; i <= NF; i++)
                if ($i ~ /^rps=/ && substr($i, 5) + 0 > best) best = substr($i, 5)
        }
        END { if (best) print int(best / 200) * 100 }' "$RAW"
}

# All contenders get the same rate, in all rounds. It is that of the echo case of this run; without
# one, of an echo measured for the purpose, which no table shows.
find_latency_rate() {
    local name
    [[ -z $LATENCY_RATE ]] || return 0
    LATENCY_RATE=$(best_c_rate)
    if [[ -z $LATENCY_RATE ]]; then
        for name in c-epoll c-uring; do
            note "saturation $name"
            if ! start_server "$name" echo || ! measure_load echo "$name" saturation; then
                note "$name tells no rate"
            fi
            stop_server
        done
        LATENCY_RATE=$(best_c_rate)
        sed -i '/ round=saturation /d' "$RAW"
    fi
    if [[ -z $LATENCY_RATE ]]; then
        note "no C server runs here: LATENCY_RATE must say the rate"
        return 1
    fi
    note "latency: $LATENCY_RATE requests a second"
}

# Rss here is VmRSS counted page by page; VmRSS itself may lag by some pages per core.
rss_kb() { awk '/^Rss:/ { print $2 }' "/proc/$SERVER_PID/smaps_rollup"; }

# Opens connections and keeps a driver holding them until it reads a line from OUT/hold.
hold_idle() { # LOG COUNT
    start_load "$1" idle --conns "$2" --seconds 120 <&7
    HOLDER_PIDS+=("$LOAD_PID")
    until_true 60 said_or_ended ready "$1" && ! gone "$LOAD_PID" && sleep "$SETTLE"
}

# Has the drivers end, each of which has held its connections until now.
release_idle() {
    local status=0
    for LOAD_PID in "${HOLDER_PIDS[@]}"; do
        gone "$LOAD_PID" && note "the connections were not held" && status=1
        echo >&7
    done
    for LOAD_PID in "${HOLDER_PIDS[@]}"; do
        finish_load || status=1
    done
    HOLDER_PIDS=()
    exec 7>&-
    return "$status"
}

# Memory per idle connection: how fast the resident memory grows with their number, a line through all readings. The memory of a
# server that collects garbage grows in leaps of megabytes; two readings would tell where in a leap they were taken. Before that a sixth
# of the connections come and go, and as many are there at the first reading: a server that compiles as it runs does so in steps, and
# after a pause.
measure_idle() { # CASE NAME ROUND
    local held first=$((IDLE_CONNS / 6)) step=$(((IDLE_CONNS + 35) / 36)) log=$OUT/idle-$2 points=$OUT/idle-$2.points
    rm -f "$log"-*.log "$points" "$OUT/hold"
    mkfifo "$OUT/hold"
    exec 7<>"$OUT/hold"
    start_load "$log.log" idle --conns "$first" --seconds 0
    finish_load && sleep "$LONG_SETTLE" || return 1
    hold_idle "$log-0.log" "$first" && sleep "$LONG_SETTLE" || return 1
    echo "$first $(rss_kb)" >"$points"
    for ((held = first + step; held <= IDLE_CONNS; held += step)); do
        hold_idle "$log-$held.log" "$step" || return 1
        echo "$held $(rss_kb)" >>"$points"
    done
    release_idle || return 1
    record "case=$1 round=$3 contender=$2 $(awk '
        NR == 1 { before = $2 }
        { n++; x += $1; y += $2; xx += $1 * $1; xy += $1 * $2 }
        END {
            printf "before_kb=%d after_kb=%d bytes_per_conn=%.0f", before, $2, 1024 * (n * xy - x * y) / (n * xx - x * x)
        }' "$points") $(awk -F '[ =]' '/ lost=/ { conns += $2; lost += $4 } END { print "conns=" conns " lost=" lost }' "$log"-*.log)"
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

# perf counts in the kernel; strace stops the server at every call, which leaves less to batch.
find_call_counter() {
    local name
    if command -v perf >/dev/null && perf stat -e raw_syscalls:sys_enter true >/dev/null 2>&1; then
        CALL_COUNTER=perf
        for name in $CALL_NAMES; do # which there are depends on the architecture
            ! perf stat -e "syscalls:sys_enter_$name" true >/dev/null 2>&1 || CALL_EVENTS+=",syscalls:sys_enter_$name"
        done
    elif command -v strace >/dev/null; then
        CALL_COUNTER=strace
    else
        note "no system calls: perf cannot count them here, and strace is not installed"
    fi
}

count_by_perf() { # LOG OPTIONS...: the driver's output is that of this
    local log=$1
    shift
    perf stat -x, -o "$log" -e "raw_syscalls:sys_enter$CALL_EVENTS" -p "$SERVER_PID" -- \
        taskset -c "$LOAD_CORE" timeout 60 "$OUT/load" "$1" 127.0.0.1 "$PORT" "${@:2}"
}

count_by_strace() { # the same
    local log=$1 status=0
    shift
    strace -f -c -o "$log" -p "$SERVER_PID" 2>"$log.attached" 9>&- &
    TRACE_PID=$!
    until_true 10 grep -q attached "$log.attached" || return 1
    (load "$@") || status=$?
    kill -INT "$TRACE_PID"
    wait "$TRACE_PID" || true
    TRACE_PID=
    return "$status"
}

# System calls per request, by name; in a run of its own, after a load that only warms up.
measure_calls() { # CASE NAME
    local log=$OUT/calls.log line
    load_words "$1"
    (load "${LOAD_WORDS[@]}" --seconds 1) >/dev/null || return 1
    rm -f "$log"
    "count_by_$CALL_COUNTER" "$log" "${LOAD_WORDS[@]}" --seconds "$PERF_SECONDS" >"$OUT/calls.out" || return 1
    line=$(grep seconds= "$OUT/calls.out") || return 1
    record "case=$1 round=0 contender=$2 counter=$CALL_COUNTER calls=$(awk -F, -v requests="${line#requests=}" '
        BEGIN { requests += 0 }
        /^#/ || NF == 0 { next }
        NF > 2 && /raw_syscalls/ { all = $1; next } # of perf
        NF > 2 { sub(/.*sys_enter_/, "", $3); count[$3] = $1; all -= $1; next }
        split($0, word, " ") >= 4 && word[4] ~ /^[0-9]+$/ { # of strace
            name = word[word[6] == "" ? 5 : 6]
            if (name != "total") count[name] = word[4]
        }
        END {
            if (all > 0) count["others"] = all
            for (name in count)
                if (count[name] >= requests / 200)
                    printf "%s%s:%.2f", n++ ? "," : "", name, count[name] / requests
        }' "$log")"
}

# Every measurement has a server of its own: fresh memory, fresh JIT, fresh address layout.
with_server() { # NAME MODE COMMAND...
    local status=0
    if ! start_server "$1" "$2" || ! "${@:3}"; then
        status=1
    fi
    stop "$LOAD_PID"
    for LOAD_PID in "${HOLDER_PIDS[@]}"; do stop "$LOAD_PID"; done
    LOAD_PID=
    HOLDER_PIDS=()
    stop "$TRACE_PID"
    TRACE_PID=
    stop_server
    if ((status)); then
        note "failed: $1: ${*:3}"
        FAILED=1
    fi
}

run_round() { # ROUND
    local round=$1 case name i
    for case in $CASES; do
        names_of "$case"
        if [[ $case == latency ]] && ! find_latency_rate; then
            FAILED=1
            continue
        fi
        for ((i = 0; i < ${#NAMES[@]}; i++)); do
            name=${NAMES[(round + i) % ${#NAMES[@]}]} # nobody is always the first
            note "round $round/$ROUNDS $case $name"
            case $case in
                idle) with_server "$name" echo measure_idle "$case" "$name" "$round" ;;
                bulk) with_server "$name" discard measure_load "$case" "$name" "$round" ;;
                *) with_server "$name" echo measure_load "$case" "$name" "$round" ;;
            esac
        done
    done
}

run_user_shares() {
    local name
    [[ $USER_SHARE == 1 && " $CASES " == *" echo "* ]] || return 0
    if ! command -v perf >/dev/null; then
        note "no user-mode share: perf is not installed"
        return 0
    fi
    names_of echo
    for name in "${NAMES[@]}"; do
        note "user-mode share $name"
        with_server "$name" echo measure_user_share "$name"
    done
}

run_calls() {
    local case name
    [[ " $CASES" == *" busy-"* ]] || return 0
    find_call_counter
    [[ -n $CALL_COUNTER ]] || return 0
    for case in $CASES; do
        [[ $case == busy-* ]] || continue
        names_of "$case"
        for name in "${NAMES[@]}"; do
            note "system calls $case $name, by $CALL_COUNTER"
            with_server "$name" echo measure_calls "$case" "$name"
        done
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

# At the start, for what a run writes makes the tree dirty.
read_machine() {
    DATE=$(date -u '+%Y-%m-%d %H:%M UTC')
    COMMIT=$(commit)
    CPU=$(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)
    LOAD_AVERAGE=$(cut -d' ' -f1 /proc/loadavg)
    TOOLS=$(versions | paste -sd, | sed 's/,/, /g')
}

print_header() {
    echo "- date: $DATE"
    echo "- commit: $COMMIT"
    echo "- kernel: $(uname -r), TCP congestion control $(cat /proc/sys/net/ipv4/tcp_congestion_control)"
    echo "- CPU: $CPU, $(nproc) cores, load average at the start $LOAD_AVERAGE"
    echo "- pinning: server on core $SERVER_CORE, load driver on core $LOAD_CORE"
    echo "- rounds: $ROUNDS, each with $WARMUP s of warm-up and $MEASURE s measured; medians"
    echo "- tools: $TOOLS"
}

print_tables() {
    local case
    for case in $CASES; do
        awk -v which="$case" -v contenders="$CONTENDERS" -v idle_conns="$IDLE_CONNS" -v rate="$LATENCY_RATE" \
            -f bench/rounds.awk -f bench/table.awk "$RAW"
    done
}

print_json() {
    awk -v date="$DATE" -v commit="$COMMIT" -v kernel="$(uname -r)" -v cpu="$CPU" -v cores="$(nproc)" \
        -v tools="$TOOLS" -v rounds="$ROUNDS" -v warmup="$WARMUP" -v measured="$MEASURE" \
        -f bench/json.awk "$RAW"
}

# What a full run leaves in the repository.
publish_results() {
    local file=bench/results/${DATE%% *}-${COMMIT/ (dirty)/-dirty}.json
    mkdir -p bench/results
    cp "$OUT/results.json" "$file"
    if ! grep -qxF "$RESULTS_BEGIN" "$README" || ! grep -qxF "$RESULTS_END" "$README"; then
        note "no place for the results in $README"
        return 1
    fi
    awk -v begin="$RESULTS_BEGIN" -v end="$RESULTS_END" -v results="$OUT/results.md" '
        $0 == end { inside = 0 }
        !inside
        $0 == begin {
            inside = 1
            print ""
            while ((getline line < results) > 0)
                print line
            print ""
        }' "$README" >"$OUT/README.md"
    cp "$OUT/README.md" "$README"
    note "wrote $file and the results in $README"
}

main() {
    local tool full=0
    for tool in awk taskset flock; do
        command -v "$tool" >/dev/null || die "$tool is needed"
    done
    (($(nproc) >= 2)) || die "two cores are needed: one for the server, one for the load"
    check_names
    [[ $QUICK == 1 || -n ${CASE:-}${PEERS:-} || $CASES != "$DEFAULT_CASES" ||
        $CONTENDERS != "$DEFAULT_CONTENDERS" ]] || full=1
    CASES=" $(unique "$CASES") "
    CASES=$(unique "${CASES/ busy / $BUSY }")
    CONTENDERS=$(unique "$CONTENDERS")
    ulimit -n "$(ulimit -Hn)" # for the idle connections
    mkdir -p "$OUT"
    exec 9>"$OUT/lock"
    flock -n 9 || die "another run is under way; two would measure each other"
    trap cleanup EXIT
    trap 'exit 130' INT TERM
    read_machine
    build_all
    check_contenders
    drop_empty_cases

    local round
    : >"$RAW"
    for ((round = 1; round <= ROUNDS; round++)); do
        run_round "$round"
    done
    run_user_shares
    run_calls
    {
        print_header
        print_tables
    } | tee "$OUT/results.md"
    print_json >"$OUT/results.json"
    # A run in which something failed has tables with gaps.
    if ((full && !FAILED)); then
        publish_results || FAILED=1
    fi
    ((!FAILED)) || return 3 # unlike a run that ended early, it has tables
}

main
