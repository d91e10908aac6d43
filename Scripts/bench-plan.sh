#!/usr/bin/env bash
# Times planning and applying COUNT generated manifests (1000): from empty, applied, planned again, one file changed.
# Figures are of whole processes; compare them with each other, machines differ.
#   WRIT_BINARY  the binary (.build/release/writ)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
writ=${WRIT_BINARY:-$root/.build/release/writ}
count=${COUNT:-1000}
dir=$(mktemp -d "${TMPDIR:-/tmp}/writ-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
unset WRIT_REPO WRIT_PATH WRIT_REV WRIT_STATE GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

mkdir "$dir"/{agents,tools,triggers}
awk -v n="$count" -v dir="$dir" 'BEGIN {
    print "apiVersion: writ/v1\nkind: Provider\nmetadata: {name: main}\nspec: {type: openai, apiKey: {env: OPENAI_API_KEY}}" > (dir "/provider.yaml")
    for (i = 0; i < (n - 1) / 3; i++) {
        file = dir "/tools/tool-" i ".yaml"
        print "apiVersion: writ/v1\nkind: Tool\nmetadata: {name: tool-" i "}\nspec:\n  description: Searches archive " i ".\n  parameters:\n    type: object\n    required: [query]\n    properties:\n      query: {type: string, maxLength: 200}\n  http:\n    url: https://archive-" i ".example.com/search\n    query: {q: \"{{query}}\"}" > file
        close(file)
        file = dir "/agents/agent-" i ".yaml"
        print "apiVersion: writ/v1\nkind: Agent\nmetadata:\n  name: agent-" i "\n  labels: {team: t" i % 7 "}\nspec:\n  description: Agent " i ".\n  model: {provider: main, name: gpt-4.1-mini, temperature: 0.2}\n  systemPrompt: |\n    You answer questions about archive " i ".\n    Use the tool when you do not know.\n  tools: [tool-" i "]\n  limits: {maxSteps: 8, timeout: 2m}" > file
        close(file)
        file = dir "/triggers/trigger-" i ".yaml"
        print "apiVersion: writ/v1\nkind: Trigger\nmetadata: {name: trigger-" i "}\nspec:\n  agent: agent-" i "\n  schedule: {cron: \"" i % 60 " " i % 24 " * * mon-fri\", timeZone: Europe/Berlin}\n  input: Report for {{scheduledAt}}" > file
        close(file)
    }
}'
git -C "$dir" init -q
commit() {
    git -C "$dir" add --all
    git -C "$dir" -c user.name=bench -c user.email=bench@localhost -c commit.gpgsign=false commit -q -m "$1"
}
commit manifests

measure() {
    local name=$1 start end
    shift
    start=$(date +%s%N)
    "$@" >/dev/null
    end=$(date +%s%N)
    printf '%-42s %6d ms\n' "$name" $(((end - start) / 1000000))
}
echo "$count manifests:"
measure "validate" "$writ" validate --repo "$dir" --rev HEAD --quiet
measure "plan, nothing applied" "$writ" plan --repo "$dir"
measure "apply" "$writ" apply --repo "$dir"
measure "plan again, no changes" "$writ" plan --repo "$dir"
measure "apply again, no changes" "$writ" apply --repo "$dir"
sed -i 's/Agent 1\./Agent one./' "$dir/agents/agent-1.yaml"
commit change
measure "plan, one manifest changed" "$writ" plan --repo "$dir"
measure "apply, one manifest changed" "$writ" apply --repo "$dir"
