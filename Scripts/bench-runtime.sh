#!/usr/bin/env bash
# Measures the runtime: webhooks taken in by wrk, times of schedules, runs taken from the queue, many schedules.
#   WRIT_BENCHMARK   the benchmark program (.build/release/RuntimeBenchmark)
#   BENCH_SECONDS    how long wrk sends each time (10)
#   BENCH_TURNS      how often the server is measured, with and without the write in turns; the median counts (3)
#   BENCH_DIR        where the states lie: the disk that is measured (the temporary directory)
#   BENCH_RECORD     1 puts the figures into docs/performance.md
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bench=${WRIT_BENCHMARK:-$root/.build/release/RuntimeBenchmark}
seconds=${BENCH_SECONDS:-10}
turns=${BENCH_TURNS:-3}
connections=32
export BENCH_DIR=${BENCH_DIR:-${TMPDIR:-/tmp}}
dir=$(mktemp -d "$BENCH_DIR/writ-bench.XXXXXX")
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi; rm -rf "$dir"' EXIT
for tool in wrk openssl curl; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install $tool" >&2; exit 1; }
done

tell() { if [ -t 2 ]; then printf '\r\033[K%s' "$*" >&2; fi; }
put() { printf '%s\t%s\n' "$1" "$2" >>"$dir/results.tsv"; }

# A push of 8 KiB, as GitHub sends it: commits until it is long enough, the last one filled up.
awk 'BEGIN {
    head = "{\"ref\":\"refs/heads/main\",\"before\":\"6113728f27ae82c7b1a177c8d03f9e96e0adf246\",\"repository\":{\"id\":186853002,\"full_name\":\"Codertocat/Hello-World\",\"private\":false},\"pusher\":{\"name\":\"Codertocat\"},\"commits\":["
    tail = "]}"
    body = head
    for (i = 0; length(body) < 7500; i++) {
        body = body sprintf("%s{\"id\":\"%040d\",\"message\":\"Change file %d\",\"timestamp\":\"2026-01-31T09:00:00Z\",\"author\":{\"name\":\"Ada Example\",\"email\":\"ada@example.com\"},\"added\":[],\"removed\":[],\"modified\":[\"areas/a/team-%d/agents/agent-%d.yaml\"]}", (i ? "," : ""), i, i, i, i)
    }
    body = body ",{\"message\":\""
    while (length(body) + length(tail) + 2 < 8192) body = body "x"
    printf "%s\"}%s", body, tail
}' >"$dir/body.json"
secret="It's a Secret to Everybody"
export BODY_FILE=$dir/body.json
SIGNATURE="sha256=$(openssl dgst -sha256 -hmac "$secret" "$BODY_FILE" | sed 's/.*= //')"
export SIGNATURE

# send URL [DELAY]: requests a second, p50, p99, p99.9 in ms, errors
send() {
    DELAY=${2:-0} wrk -t 1 -c "$connections" -d "${seconds}s" -s "$root/Benchmarks/runtime.lua" "$1" | awk -F '\t' '$1 == "wrk"'
}

# begin NAME COMMAND …: starts a server; its address is in $url
begin() {
    tell "$1"
    shift
    "$@" >"$dir/server.log" 2>&1 &
    server=$!
    for _ in $(seq 200); do
        port=$(awk -F '\t' '$1 == "listening" {print int($2)}' "$dir/server.log")
        if [ -n "$port" ]; then break; fi
        sleep 0.05
    done
    url=http://127.0.0.1:$port/hooks/on-push
    check
}

# One event is taken before anything is measured.
check() {
    local status
    status=$(curl -s --retry 5 --retry-connrefused --retry-delay 1 -o "$dir/answer" -w '%{http_code}' "$url" --data-binary "@$BODY_FILE" -H 'Content-Type: application/json' \
        -H 'X-GitHub-Event: push' -H "X-GitHub-Delivery: check" -H "X-Hub-Signature-256: $SIGNATURE") || true
    case $status in
    2*) ;;
    *) echo "the server answers $status: $(cat "$dir/answer" "$dir/server.log" | tail -3)" >&2; exit 1 ;;
    esac
}

finish() {
    kill "$server"
    wait "$server" || true
    server=
}

# field N LINE
field() { cut -f "$1" <<<"$2"; }

# note NAME LINE: what wrk said
note() {
    put "$1-rate" "$(field 2 "$2")"
    put "$1-p50" "$(field 3 "$2")"
    put "$1-p99" "$(field 4 "$2")"
    put "$1-p999" "$(field 5 "$2")"
    put "$1-errors" "$(field 6 "$2")"
}

# median NAME: of the lines that were kept by that name, the one with the median rate
median() { sort -t $'\t' -k 2 -n "$dir/$1.lines" | sed -n "$(((turns + 1) / 2))p"; }

# In turns, as a machine is not equally fast all the time.
for turn in $(seq "$turns"); do
    begin "the server without the write, $turn of $turns" "$bench" inbox 0 --without-write
    send "$url" >/dev/null # warm
    send "$url" >>"$dir/unwritten.lines"
    finish
    begin "the server, $turn of $turns" "$bench" inbox 0
    send "$url" >/dev/null
    send "$url" >>"$dir/written.lines"
    if [ "$turn" -lt "$turns" ]; then finish; fi
done
note unwritten "$(median unwritten)"
line=$(median written)
note written "$line"
# Each connection waits so long that all of them together send half as much.
delay=$(awk -v rate="$(field 2 "$line")" -v n="$connections" 'BEGIN {d = n * 2000 / rate - n * 1000 / rate; printf "%d", d < 1 ? 1 : d}')
note half "$(send "$url" "$delay")"
finish

if command -v webhook >/dev/null; then
    cat >"$dir/hooks.json" <<JSON
[{"id": "on-push", "execute-command": "/bin/true", "include-command-output-in-response": true,
  "trigger-rule": {"match": {"type": "payload-hmac-sha256", "secret": "$secret",
    "parameter": {"source": "header", "name": "X-Hub-Signature-256"}}}}]
JSON
    begin "webhook" bash -c "printf 'listening\t9317\n'; exec webhook -hooks '$dir/hooks.json' -ip 127.0.0.1 -port 9317" || true
    note webhook "$(send "$url")"
    finish
fi

tell "times of schedules"
put cron "$("$bench" cron | cut -f 2)"
for waiting in 100 100000; do
    tell "taking runs, $waiting waiting"
    "$bench" claims "$waiting" >"$dir/claims"
    for limit in 1 16; do put "claims-$limit-$waiting" "$(awk -F '\t' -v n="claims-$limit" '$1 == n {print $2}' "$dir/claims")"; done
done
tell "100,000 schedules"
"$bench" apply-schedules 100000 "$dir/schedules"
"$bench" schedules "$dir/schedules" >>"$dir/results.tsv"
tell

facts="$(uname -sm), $(nproc) processors, $(df --output=fstype "$BENCH_DIR" | tail -1)"
awk -F '\t' -f "$root/Scripts/runtime-tables.awk" -v facts="$facts" "$dir/results.tsv" >"$dir/tables.md"
cat "$dir/tables.md"
if [ "${BENCH_RECORD:-}" = 1 ]; then
    page=$root/docs/performance.md
    awk -v tables="$dir/tables.md" '
        /<!-- end of runtime figures -->/ { skip = 0 }
        !skip
        /<!-- runtime figures -->/ { while ((getline line < tables) > 0) print line; skip = 1 }
    ' "$page" >"$dir/page.md"
    cp "$dir/page.md" "$page"
fi
