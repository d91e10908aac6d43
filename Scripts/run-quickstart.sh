#!/usr/bin/env bash
# Makes a git repository of examples/quickstart, plans it, applies it and serves it in the foreground: `make run`.
#   PORT         where to listen on 127.0.0.1 (8080)
#   DIR          where the repository is made (a new temporary directory); one that this made earlier is gone on with
#   WRIT_BINARY  the binary (.build/release/writ)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
writ=${WRIT_BINARY:-$root/.build/release/writ}
port=${PORT:-8080}
trigger=greet-pull-request

fail() {
    echo "make run: $1" >&2
    exit 1
}

[ -x "$writ" ] || fail "there is no $writ; run: make release"
[[ $port =~ ^[0-9]{1,5}$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65535 ] ||
    fail "PORT is $port; choose a number from 1 to 65535"

# Settings that mean another repository must not reach this one.
unset WRIT_REPO WRIT_PATH WRIT_REV WRIT_STATE GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

if [ -n "${DIR:-}" ]; then
    mkdir -p "$DIR"
    dir=$(cd "$DIR" && pwd)
else
    dir=$(mktemp -d "${TMPDIR:-/tmp}/writ-quickstart.XXXXXX")
fi

if [ -e "$dir/.git/writ-quickstart" ]; then
    echo "Going on with $dir as it is."
elif [ -n "$(ls -A "$dir")" ]; then
    fail "$dir is not empty and not a quick start; choose another DIR"
else
    cp -R "$root/examples/quickstart/." "$dir"
    git -C "$dir" init -q
    git -C "$dir" symbolic-ref HEAD refs/heads/main
    git -C "$dir" config user.name >/dev/null || git -C "$dir" config user.name "Quick Start"
    git -C "$dir" config user.email >/dev/null || git -C "$dir" config user.email quickstart@localhost
    echo .writ/ >>"$dir/.git/info/exclude"
    git -C "$dir" add --all
    git -C "$dir" -c commit.gpgsign=false -c core.hooksPath=/dev/null commit -q -m "Start from the example"
    touch "$dir/.git/writ-quickstart"
    echo "Made a git repository of examples/quickstart: $dir"
fi

printf '\n$ writ plan\n'
"$writ" plan --repo "$dir"
# It shows the plan again; the last line says what came of it.
printf '\n$ writ apply\n'
"$writ" apply --repo "$dir" | tail -n 1

# The trigger's secret: yours, or one for this run alone.
export QUICKSTART_WEBHOOK_SECRET=${QUICKSTART_WEBHOOK_SECRET:-$(openssl rand -hex 32)}
payload=$dir/payloads/pull_request.json
signature=$(openssl dgst -sha256 -hmac "$QUICKSTART_WEBHOOK_SECRET" <"$payload" | awk '{print $NF}')

cat <<EOF

The schedule every-minute fires at the next full minute. See it on http://127.0.0.1:$port/

Fire the GitHub webhook from another terminal, as often as you like (each line sends a new delivery id):

curl -sS -i -H 'Content-Type: application/json' -H 'X-GitHub-Event: pull_request' -H "X-GitHub-Delivery: \$(cat /proc/sys/kernel/random/uuid)" -H 'X-Hub-Signature-256: sha256=$signature' --data-binary $(printf '@%q' "$payload") http://127.0.0.1:$port/hooks/$trigger

The answers are recorded ones. With a real model:
  1. stop this (Ctrl-C) and: export OPENAI_API_KEY=...
  2. in $dir, let providers/replay.yaml say
       type: openai
       apiKey: {env: OPENAI_API_KEY}
     in the place of its type and transcripts, and name a model in agents/greeter.yaml (gpt-4.1-mini)
  3. commit, and: make run DIR=$(printf '%q' "$dir")

\$ writ serve --repo $dir --listen 127.0.0.1:$port   (Ctrl-C stops it)
EOF
exec "$writ" serve --repo "$dir" --listen "127.0.0.1:$port"
