#!/usr/bin/env bash
# Installs the Debian packages that writ is built with and that are missing: `make deps`. Changes nothing if all are
# there. Arguments are further packages, each named like the command that it brings.
set -euo pipefail

# The package, and the name by which pkg-config knows it.
libraries=(libyaml-dev:yaml-0.1 libgit2-dev:libgit2 libsqlite3-dev:sqlite3 libpcre2-dev:libpcre2-8 liblz4-dev:liblz4)

find_missing() {
    missing=()
    command -v pkg-config >/dev/null || missing+=(pkg-config)
    local library
    for library in "${libraries[@]}"; do
        pkg-config --exists "${library#*:}" 2>/dev/null || missing+=("${library%%:*}")
    done
    [ -e /usr/share/zoneinfo/Europe/Berlin ] || missing+=(tzdata)
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
}

fail() {
    echo "make deps: $1" >&2
    exit 1
}

find_missing "$@"
[ ${#missing[@]} -gt 0 ] || exit 0

wanted="${missing[*]}"
echo "Missing: $wanted" >&2
command -v apt-get >/dev/null ||
    fail "there is no apt-get here; install what your system calls these Debian packages: $wanted"

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "you are not root and there is no sudo; as root, run: apt-get install $wanted"
    as_root=(sudo)
fi
install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
echo "Installing with: ${as_root[*]:+${as_root[*]} }apt-get update && apt-get install $wanted" >&2
"${install[@]}" update -qq || echo "make deps: the package lists could not be brought up to date; going on" >&2
"${install[@]}" install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    fail "that did not work; see above, then run as root: apt-get install $wanted"

find_missing "$@"
[ ${#missing[@]} -eq 0 ] || fail "apt-get was content, but these are still missing: ${missing[*]}"
