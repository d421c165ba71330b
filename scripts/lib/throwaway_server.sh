# shellcheck shell=bash
# Sourced by the demo and the benchmark: a private PostgreSQL from the installed binaries.
#
#   start_throwaway_server      sets throwaway_dir (for the caller's files too), server_bin, client_bin and url_of
#   url_of DATABASE             its URL, for user postgres
#   stop_throwaway_server       stops the server and removes throwaway_dir; the caller puts it in a trap
#
# It listens only on a unix socket in a directory of mode 0700, so it uses no port and no other user
# can connect. Nothing is kept, so nothing is synced.
#
# DBBACKUP_TEST_SERVER_BIN is the directory of another server to start; the clients stay the same.

# shellcheck source=scripts/lib/clean_environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/clean_environment.sh"

throwaway_dir=
server_bin=
client_bin=
server_user=()
server_user_name=

# The newest version that has both the server and its clients.
find_server_bin() {
    local bin
    while IFS= read -r bin; do
        if [[ -x $bin/initdb && -x $bin/pg_ctl && -x $bin/pg_dump && -x $bin/psql ]]; then
            echo "$bin"
            return 0
        fi
    done < <(
        for bin in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
            {/opt/homebrew,/usr/local}/opt/postgresql@*/bin; do
            # The version (the digits in the path) comes first, for sorting; the path follows.
            [[ -d $bin ]] && printf '%s %s\n' "${bin//[^0-9]/}" "$bin"
        done | sort -rn | cut -d' ' -f2-
        dirname "$(command -v initdb || echo /nonexistent/initdb)"
    )
    echo "no PostgreSQL server is installed; scripts/setup installs one" >&2
    return 1
}

url_of() {
    printf 'postgresql://postgres@/%s?host=%s\n' "$1" "$throwaway_dir"
}

# PostgreSQL refuses to run as root. setpriv, unlike runuser, does not use PAM and starts no
# session.
set_server_user() {
    ((EUID == 0)) || return 0
    server_user_name=postgres
    id -u "$server_user_name" > /dev/null 2>&1 || server_user_name=nobody
    server_user=(setpriv --reuid="$server_user_name" --regid="$(id -g "$server_user_name")"
        --clear-groups)
}

as_server_user() {
    # From /, because the other user may not have access to the caller's directory.
    (cd / && "${server_user[@]}" "$@")
}

start_throwaway_server() {
    forget_callers_database
    client_bin=$(find_server_bin)
    server_bin=${DBBACKUP_TEST_SERVER_BIN:-$client_bin}

    set_server_user

    # A socket's path may have at most 107 bytes; macOS's TMPDIR alone takes half of them.
    local parent=${TMPDIR:-/tmp}
    ((${#parent} <= 60)) || parent=/tmp
    throwaway_dir=$(mktemp -d "$parent/dbb.XXXXXX")
    if ((EUID == 0)); then chown "$server_user_name" "$throwaway_dir"; fi

    local log=$throwaway_dir/server.log
    if ! as_server_user "$server_bin/initdb" -D "$throwaway_dir/data" -U postgres -A trust \
        -E UTF8 --locale=C --no-sync > "$throwaway_dir/initdb.log" 2>&1; then
        cat "$throwaway_dir/initdb.log" >&2
        return 1
    fi
    # One setting for each word; -k is the directory of the socket.
    local options="-k $throwaway_dir -c listen_addresses= -c fsync=off -c synchronous_commit=off"
    options+=" -c full_page_writes=off -c max_wal_size=2GB $*"
    if ! as_server_user "$server_bin/pg_ctl" -D "$throwaway_dir/data" -l "$log" -o "$options" \
        -t 60 -w start > /dev/null; then
        cat "$log" >&2
        return 1
    fi
}

stop_throwaway_server() {
    [[ -n $throwaway_dir ]] || return 0
    if [[ -s $throwaway_dir/data/postmaster.pid ]]; then
        as_server_user "$server_bin/pg_ctl" -D "$throwaway_dir/data" -m immediate -w stop \
            > /dev/null 2>&1 || true
    fi
    rm -rf "$throwaway_dir"
    throwaway_dir=
}

# adopt_throwaway_server DIRECTORY SERVER_BIN: for a process other than the one that started it.
adopt_throwaway_server() {
    throwaway_dir=$1
    server_bin=$2
    set_server_user
}
