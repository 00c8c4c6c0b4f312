#!/usr/bin/env bash
# hotloop load beside another load generator, on the same server, in turn: request rate, p50 and p99 of each, and the medians of the ratios.
#   bench/load-beside.sh c            load.c, on the C epoll echo server
#   bench/load-beside.sh wrk [PACE]   wrk, on nginx; with a pace, nginx answers so many requests a second (limit_req)
# The server is pinned to core 0, the loads to core 1. ROUNDS (8), SECONDS_EACH (5), CONNS (100), PORT (17900).
set -euo pipefail
cd "$(dirname "$0")/.."

other=${1:-} pace=${2:-}
rounds=${ROUNDS:-8} each=${SECONDS_EACH:-5} conns=${CONNS:-100} port=${PORT:-17900}
dir=$(mktemp -d)
server=
trap '[[ -z $server ]] || { kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$dir"' EXIT

need() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null || { echo "load-beside: needs $tool" >&2; exit 1; }
    done
}

start() { # COMMAND...: the server, until it takes connections
    taskset -c 0 "$@" >"$dir/server.log" &
    server=$!
    for _ in $(seq 50); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return; fi
        sleep 0.1
    done
    echo "load-beside: the server does not answer" >&2
    exit 1
}

write_nginx_conf() {
    local zone='' limit=''
    if [[ $pace ]]; then
        zone="limit_req_zone \$binary_remote_addr zone=pace:1m rate=${pace}r/s;"
        limit="limit_req zone=pace burst=$((conns * 20));"
    fi
    cat <<EOF
worker_processes 1;
daemon off;
pid $dir/pid;
error_log $dir/errors;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000000;
    $zone
    server { listen 127.0.0.1:$port; $limit root $dir; }
}
EOF
}

# Print: rate, p50 and p99 in microseconds.
load_wrk() {
    taskset -c 1 wrk -t1 -c"$conns" -d"${each}s" --latency "http://127.0.0.1:$port/" | awk '
        function us(t) { return t * (t ~ /us$/ ? 1 : t ~ /ms$/ ? 1e3 : 1e6) }
        $1 == "50%" { p50 = us($2) }
        $1 == "99%" { p99 = us($2) }
        /^Requests\/sec/ { rate = $2 }
        END { printf "%.0f %.0f %.0f\n", rate, p50, p99 }'
}

load_c() {
    taskset -c 1 "$dir/load" echo 127.0.0.1 "$port" --conns "$conns" --seconds "$each" --warmup 2 |
        sed -n 's/.* rps=\([0-9]*\) p50_us=\([0-9]*\).* p99_us=\([0-9]*\).*/\1 \2 \3/p'
}

load_hotloop() { # TARGET
    taskset -c 1 out/hotloop load "$1" --connections "$conns" --duration "${each}s" --json "$dir/json" >/dev/null 2>&1
    awk -F '[:,]' '
        /"requests_per_s"/ { rate = $2 }
        /"p50"/ { p50 = $2 }
        /"p99"/ { p99 = $2 }
        END { printf "%.0f %.0f %.0f\n", rate, p50, p99 }' "$dir/json"
}

make -s build
case $other in
    c)
        need gcc taskset
        gcc -O2 -o "$dir/load" bench/load.c
        gcc -O2 -o "$dir/server" bench/baselines/echo_epoll.c
        start "$dir/server" "$port"
        target=tcp://127.0.0.1:$port
        ;;
    wrk)
        need nginx wrk taskset
        write_nginx_conf >"$dir/nginx.conf"
        chmod 755 "$dir" # its worker may be another user
        echo 'Hello, World!' >"$dir/index.html"
        start nginx -c "$dir/nginx.conf"
        target=http://127.0.0.1:$port/
        ;;
    *)
        sed -n '2,5s/^# //p' "$0" >&2
        exit 2
        ;;
esac

echo "round  $other: rate, p50 us, p99 us  hotloop load: rate, p50 us, p99 us"
for round in $(seq "$rounds"); do
    echo "$round $("load_$other") $(load_hotloop "$target")"
done | tee "$dir/rows"
awk '
    function median(list, n,   i, j, t) {
        for (i = 2; i <= n; i++)
            for (j = i; j > 1 && list[j] < list[j - 1]; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
        return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
    }
    { n++; rate[n] = $5 / $2; p50[n] = $6 / $3; p99[n] = $7 / $4 }
    END { printf "medians of the ratios, hotloop load to the other: rate %.2f, p50 %.2f, p99 %.2f\n", median(rate, n), median(p50, n), median(p99, n) }
' "$dir/rows"
