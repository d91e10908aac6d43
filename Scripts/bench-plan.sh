#!/usr/bin/env bash
# Times validate, plan and apply on generated repositories, beside what nobody can be faster than (Benchmarks/bound.c)
# and, where it is installed, Terraform. Every figure is of whole processes; compare those of one run with each other.
#   WRIT_BINARY      the binary (.build/release/writ)
#   BENCH_TOOLS      where generate, bound, terraform and measure are (.build/bench)
#   BENCH_SIZES      numbers of manifests ("100 1000 10000 100000")
#   BENCH_TERRAFORM  sizes for Terraform ("100 1000 10000"; "" leaves it out)
#   BENCH_RUNS       runs of each figure (7), fewer where they take long
#   BENCH_RECORD     1 puts the tables into docs/performance.md
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
writ=${WRIT_BINARY:-$root/.build/release/writ}
tools=${BENCH_TOOLS:-$root/.build/bench}
sizes=${BENCH_SIZES:-100 1000 10000 100000}
terraform_sizes=${BENCH_TERRAFORM-100 1000 10000}
runs=${BENCH_RUNS:-7}
dir=$(mktemp -d "${TMPDIR:-/tmp}/writ-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
results=$dir/results.tsv
for name in $(compgen -e WRIT_ || true) $(compgen -e GIT_ || true); do unset "$name"; done

tell() { if [ -t 2 ]; then printf '\r\033[K%s' "$*" >&2; fi; }

# measure SIZE STORAGE CASE [OPTION ...] -- PROGRAM …; what it prints is a line of the results.
measure() {
    local size=$1 storage=$2 case=$3
    shift 3
    tell "$size manifests, $storage: $case"
    printf '%s\t%s\t%s\t%s\n' "$size" "$storage" "$case" "$("$tools/measure" -n "$runs" -t 15 "$@")" >>"$results"
}

measure_writ() {
    local size=$1 storage=$2 repository=$dir/$1/$2.git state=$dir/$1/$2.db
    local source=(--repo "$repository" --state "$state")
    measure "$size" "$storage" start -m -- "$writ" --version
    measure "$size" "$storage" read -m -- "$tools/bound" read "$repository" base
    measure "$size" "$storage" walk -m -- "$tools/bound" walk "$repository" base main
    measure "$size" "$storage" validate -m -- "$writ" validate --repo "$repository" --rev base
    measure "$size" "$storage" plan -m -r "$state" -- "$writ" plan "${source[@]}" --rev base
    measure "$size" "$storage" apply -m -r "$state" -- "$writ" apply "${source[@]}" --rev base
    measure "$size" "$storage" apply-again -m -- "$writ" apply "${source[@]}" --rev base
    measure "$size" "$storage" plan-again -m -- "$writ" plan "${source[@]}" --rev base
    measure "$size" "$storage" plan-one -m -- "$writ" plan "${source[@]}" --rev main
    measure "$size" "$storage" plan-prompt -m -- "$writ" plan "${source[@]}" --rev prompt
    # A state that was closed is one file.
    mv "$state" "$state.base"
    measure "$size" "$storage" apply-one -m -r "$state" -c "$state.base" -- "$writ" apply "${source[@]}" --rev main
}

# What the manifests would be in Terraform, all of it there already (Benchmarks/terraform.c).
measure_terraform() {
    local size=$1 place=$dir/$1/terraform
    mkdir "$place"
    "$tools/terraform" "$dir/$size/packed.git" base "$place"
    export TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1
    terraform -chdir="$place" init -no-color >/dev/null
    # -detailed-exitcode: 0 only where nothing is to be done.
    measure "$size" - terraform -m -- terraform -chdir="$place" plan -no-color -detailed-exitcode
}

for size in $sizes; do
    tell "$size manifests: writing the repositories"
    mkdir "$dir/$size"
    "$tools/generate" "$size" "$dir/$size/loose.git" "$dir/$size/packed.git"
    for storage in packed loose; do measure_writ "$size" "$storage"; done
    case " $terraform_sizes " in
    *" $size "*) if command -v terraform >/dev/null; then measure_terraform "$size"; fi ;;
    esac
    rm -rf "${dir:?}/$size"
done
tell

facts="$("$writ" --version) on $(uname -sm), $(nproc) processors"
if command -v terraform >/dev/null; then facts="$facts; $(terraform version | head -1)"; fi
awk -f "$root/Scripts/bench-tables.awk" -v sizes="$sizes" -v facts="$facts" "$results" >"$dir/tables.md"
cat "$dir/tables.md"
if [ "${BENCH_RECORD:-}" = 1 ]; then
    page=$root/docs/performance.md
    awk -v tables="$dir/tables.md" '
        /<!-- end of figures -->/ { skip = 0 }
        !skip
        /<!-- figures -->/ { while ((getline line < tables) > 0) print line; skip = 1 }
    ' "$page" >"$dir/page.md"
    cp "$dir/page.md" "$page"
fi
