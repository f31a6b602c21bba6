# shellcheck shell=bash
# Shared pieces of the scripts in this folder. Source it; it runs nothing by itself.

say() { printf '== %s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# The files below a folder that a scan looks at, one a line: nothing hidden in it, wherever the folder itself lies.
list_files() { find "$1" -mindepth 1 -name '.*' -prune -o -type f -print; }

# Runs a command as root: directly, or through sudo.
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# The packages for "run" or "test" that this system does not have, one a line.
missing_packages() {
    local purpose name state
    while read -r purpose name _; do
        case $purpose in
            run) ;;
            test) [ "$1" = test ] || continue ;;
            *) continue ;;
        esac
        state=$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) || state=absent
        [ "$state" = installed ] || printf '%s\n' "$name"
    done <ops/packages
}

# Installs what is missing for "run" or "test"; asks the network for nothing when nothing is missing.
install_packages() {
    local missing
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        warn "this is no Debian: install by hand what ops/packages lists, under your system's names"
        return 0
    fi
    mapfile -t missing < <(missing_packages "$1")
    [ "${#missing[@]}" -gt 0 ] || return 0
    local by_hand="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        die "packages are missing and there is no sudo. As root, run: $by_hand -- then start this script again"
    fi
    say "Installing ${missing[*]}"
    as_root apt-get -o DPkg::Lock::Timeout=120 -q update || warn "apt-get update had errors; going on with what it has"
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=120 -q install -y --no-install-recommends "${missing[@]}" ||
        die "could not install packages. As root, run: $by_hand -- then start this script again"
}

# Before the packages: without a toolchain there is no use in them.
require_swift() {
    command -v swift >/dev/null ||
        die "no swift on the PATH. Install the toolchain (6.3 or newer) from https://www.swift.org/install/linux/"
}

# After the packages, some of which the toolchain itself needs.
require_working_swift() {
    local version
    version=$(swift --version 2>&1) || die "swift does not run: $(head -n 1 <<<"$version")"
    version=$(sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' <<<"$version" | head -n 1)
    printf '6.3\n%s\n' "$version" | sort -C -V ||
        die "swift $version is too old: 6.3 is needed, see https://www.swift.org/install/linux/"
    [ -w . ] || die "this folder cannot be written ($PWD): the build goes to .build in it"
    [ ! -e .build ] || [ -w .build ] ||
        die "$PWD/.build belongs to $(stat -c %U .build): remove it, or: sudo chown -R $(id -un) .build"
}

# Sets `sillon` to the executable to measure: $SILLON, or an optimised one that is built now.
find_sillon() {
    sillon=${SILLON:-}
    [ -z "$sillon" ] || return 0
    require_swift
    require_working_swift
    say "Building"
    swift build -c release --product sillon --static-swift-stdlib 2>&1 | tail -n 1
    sillon=$(swift build -c release --static-swift-stdlib --show-bin-path)/sillon
}

# The executable: $SILLON, else the one that ops/run built, else the one on the PATH.
sillon_program() {
    local built=.build/release/sillon
    if [ -n "${SILLON:-}" ]; then
        printf '%s\n' "$SILLON"
    elif [ -x "$built" ]; then
        printf '%s\n' "$PWD/$built"
    else
        command -v sillon || die "there is no sillon yet: build it with ops/run, or name it with SILLON"
    fi
}

# Debian's own interpreter: the python3-* packages belong to it, not to another one on the PATH.
debian_python() {
    if [ -x /usr/bin/python3 ]; then /usr/bin/python3 "$@"; else python3 "$@"; fi
}

# A TCP port on loopback that was free a moment ago.
free_port() {
    debian_python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Root runs PostgreSQL and some tests as other users, to whom a private TMPDIR of root is closed: then /tmp.
open_tmpdir() {
    [ "$(id -u)" -eq 0 ] || return 0
    setpriv --reuid=65534 --regid=65534 --clear-groups test -x "${TMPDIR:-/tmp}" || export TMPDIR=/tmp
}

# ---- A throw-away PostgreSQL: start_postgres [SETTING=VALUE...], then stop_postgres in a trap.

postgres_pid=
postgres_folder=

# The user that owns the server: PostgreSQL refuses to run as root.
as_postgres_user() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups env HOME="$postgres_folder" "$@"
    else
        "$@"
    fi
}

# The newest installed PostgreSQL's folder of programs; Debian keeps initdb off the PATH.
postgres_programs() {
    local found
    found=$(find /usr/lib/postgresql -maxdepth 3 -name initdb -path '*/bin/*' 2>/dev/null | sort -V | tail -n 1)
    [ -n "$found" ] || found=$(command -v initdb) || die "PostgreSQL's initdb is not installed"
    dirname "$found"
}

# Makes a cluster in a temporary folder, starts it on a free loopback port, and exports
# SILLON_TEST_POSTGRES_URL. Settings are the server's defaults but for those given.
start_postgres() {
    local programs port secret setting settings=()
    for setting in "$@"; do settings+=(-c "$setting"); done
    programs=$(postgres_programs)
    postgres_folder=$(mktemp -d "${TMPDIR:-/tmp}/sillon-postgres.XXXXXX")
    secret=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s\n' "$secret" >"$postgres_folder/secret"
    [ "$(id -u)" -ne 0 ] || chown -R postgres:postgres "$postgres_folder"
    (
        cd "$postgres_folder"
        as_postgres_user "$programs/initdb" -D "$postgres_folder/data" -U sillon -E UTF8 --locale=C \
            -A scram-sha-256 --pwfile="$postgres_folder/secret" --no-sync >"$postgres_folder/initdb.log" 2>&1
    ) || die "initdb failed: $(tail -n 3 "$postgres_folder/initdb.log")"
    port=$(free_port)
    # exec, so that the pid is the server's own.
    (
        cd "$postgres_folder" || exit
        set -- "$programs/postgres" -D "$postgres_folder/data" -k '' -p "$port" \
            -c listen_addresses=127.0.0.1 "${settings[@]}"
        if [ "$(id -u)" -eq 0 ]; then
            exec setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
        fi
        exec "$@"
    ) >"$postgres_folder/server.log" 2>&1 &
    postgres_pid=$!
    export SILLON_TEST_POSTGRES_URL="postgres://sillon:$secret@127.0.0.1:$port/postgres"
    wait_for_postgres "$programs"
}

# Seconds that the server may take to answer its first query.
postgres_start_limit=30

wait_for_postgres() {
    local deadline=$((SECONDS + postgres_start_limit))
    until [ "$("$1/psql" "$SILLON_TEST_POSTGRES_URL" -Atqc 'SELECT 1' 2>/dev/null)" = 1 ]; do
        kill -0 "$postgres_pid" 2>/dev/null || die "PostgreSQL ended: $(tail -n 3 "$postgres_folder/server.log")"
        [ "$SECONDS" -lt "$deadline" ] || die "PostgreSQL does not answer after $postgres_start_limit s"
        sleep 0.1
    done
}

stop_postgres() {
    if [ -n "$postgres_pid" ]; then
        kill -INT "$postgres_pid" 2>/dev/null || true
        wait "$postgres_pid" 2>/dev/null || true
        postgres_pid=
    fi
    if [ -n "$postgres_folder" ]; then
        rm -rf "$postgres_folder"
        postgres_folder=
    fi
}
