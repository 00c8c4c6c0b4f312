#!/usr/bin/env bash
# hotloop load beside wrk on the same nginx, in turn: request rate, p50 and p99, and the medians of the ratios.
#   bench/load-vs-wrk.sh [PACE]     with a number, nginx answers so many requests a second (limit_req); without, as many as it can
# nginx is pinned to core 0, the loads to core 1. ROUNDS (8), SECONDS_EACH (5), CONNS (100), PORT (17900).
set -euo pipefail
cd "$(dirname "$0")/.."

pace=${1:-}
rounds=${ROUNDS:-8} each=${SECONDS_EACH:-5} conns=${CONNS:-100} port=${PORT:-17900}
for tool in nginx wrk taskset; do
    command -v "$tool" >/dev/null || { echo "load-vs-wrk: needs $tool" >&2; exit 1; }
done
[[ -x out/hotloop ]] || { echo "load-vs-wrk: make build first" >&2; exit 1; }

dir=$(mktemp -d)
url=http://127.0.0.1:$port/
limit_zone='' limit=''
if [[ $pace ]]; then
    limit_zone="limit_req_zone \$binary_remote_addr zone=pace:1m rate=${pace}r/s;"
    limit="limit_req zone=pace burst=$((conns * 20));"
fi
cat >"$dir/nginx.conf" <<EOF
worker_processes 1;
daemon off;
pid $dir/pid;
error_log $dir/errors;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000000;
    $limit_zone
    server { listen 127.0.0.1:$port; $limit location / { return 200 "Hello, World!"; } }
}
EOF
taskset -c 0 nginx -c "$dir/nginx.conf" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in $(seq 50); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    sleep 0.1
done

micros() { # 1.23ms, 456us, 7.8s
    awk -v t="${1//,/}" 'BEGIN { f = t ~ /us$/ ? 1 : t ~ /ms$/ ? 1e3 : 1e6; printf "%.0f", t * f }'
}

echo "round  wrk: rate, p50 us, p99 us  hotloop load: rate, p50 us, p99 us"
for round in $(seq "$rounds"); do
    taskset -c 1 wrk -t1 -c"$conns" -d"${each}s" --latency "$url" >"$dir/wrk"
    taskset -c 1 out/hotloop load "$url" --connections "$conns" --duration "${each}s" --json "$dir/json" >"$dir/load" 2>/dev/null
    wrk_rate=$(awk '/^Requests\/sec/ { print $2 }' "$dir/wrk")
    wrk_p50=$(micros "$(awk '$1 == "50%" { print $2 }' "$dir/wrk")")
    wrk_p99=$(micros "$(awk '$1 == "99%" { print $2 }' "$dir/wrk")")
    read -r rate p50 p99 < <(awk -F '[:,]' '
        /"requests_per_s"/ { rate = $2 }
        /"p50"/ { p50 = $2 }
        /"p99"/ { p99 = $2 }
        END { printf "%.0f %.0f %.0f\n", rate, p50, p99 }' "$dir/json")
    echo "$round $wrk_rate $wrk_p50 $wrk_p99 $rate $p50 $p99"
done | tee "$dir/rows"

awk '
    function median(a, n,   i, j, t) {
        for (i = 2; i <= n; i++) for (j = i; j > 1 && a[j] < a[j - 1]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
        return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
    }
    { n++; rate[n] = $5 / $2; p50[n] = $6 / $3; p99[n] = $7 / $4 }
    END { printf "medians of the ratios, hotloop load / wrk: rate %.2f, p50 %.2f, p99 %.2f\n", median(rate, n), median(p50, n), median(p99, n) }' "$dir/rows"
