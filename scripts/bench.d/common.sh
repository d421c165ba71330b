# shellcheck shell=bash disable=SC2034,SC2154 # some names are scripts/bench's
# Sourced by scripts/bench: ways to do a job, pairs of runs, and medians over them.
#
# Each measured run has a run of the job's floor (the least that any way has to do) just before it, and
# what counts is the ratio of the two: a machine that is slower for a minute is slower for both.

way_keys=()
declare -A way_shown way_command

# way KEY SHOWN COMMAND
way() {
    way_keys+=("$1")
    way_shown[$1]="\`${2//|/\\|}\`" # a bar would end the cell of a Markdown table
    way_command[$1]=$3
}

note() { printf 'bench: %s\n' "$*" >&2; }

# make_database NAME TIMES: with TIMES times the data. Tables are filled by sessions of their own, as
# many at a time as there are cores.
make_database() {
    local name=$1 rows
    rows=$(calculate "$factor * $2")
    note "making database $name"
    createdb -h "$throwaway_dir" -U postgres "$name"
    printf '%s\n' prose events payments files accounts |
        xargs -P "$(getconf _NPROCESSORS_ONLN)" -I PART psql -X -q "$(url_of "$name")" \
            -v factor="$rows" -v part=PART -f "$here/bench.d/data.sql"
    # Hint bits and visibility are settled now, and not by whichever run comes first.
    psql -X -q "$(url_of "$name")" -c 'vacuum (freeze, analyze)' -c 'checkpoint'
}

sql_megabytes() { pg_dump --dbname="$(url_of "$1")" | wc -c | awk '{ printf "%.0f", $1 / 1e6 }'; }

# measured COMMAND: runs it in a shell, prints "wall cpu peak_kib".
measured() {
    if ! "$bin/tests/measure" "$work/measured" bash -o pipefail -c "$1" > "$work/output" 2>&1; then
        note "this failed: $1"
        cat "$work/output" >&2
        return 1
    fi
    cat "$work/measured"
}

# measure_pairs RESULTS FLOOR PAIRS KEY…: appends to RESULTS a line a pair: the way's key, wall CPU and
# peak of the floor, the same of the way, and the bytes it left in the directory out. The ways take
# turns, so that none has the machine's good minutes for itself.
measure_pairs() {
    local results=$1 floor=$2 pairs=$3 round key of_floor of_way bytes
    shift 3
    measured "$floor" > /dev/null # fills the caches
    for ((round = 1; round <= pairs; round++)); do
        for key in "$@"; do
            note "pair $round of $pairs: $key"
            rm -rf out
            mkdir out
            sync # what the run before left to be written is not this one's burden
            of_floor=$(measured "$floor")
            of_way=$(measured "${way_command[$key]}")
            bytes=$(find out -type f ! -name '*.json' -exec cat {} + | wc -c)
            printf '%s %s %s %s\n' "$key" "$of_floor" "$of_way" "$bytes" >> "$results"
        done
    done
    rm -rf out
}

calculate() { awk "BEGIN { print $1 }"; }

median() {
    sort -g | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

# median_of RESULTS KEY EXPRESSION: over that way's pairs (every pair's, where KEY is "any"). fw fc fp
# are wall seconds, CPU seconds and peak KiB of the floor, w c p those of the way, b its bytes.
median_of() {
    awk -v key="$2" "\$1 == key || key == \"any\" {
        fw = \$2; fc = \$3; fp = \$4; w = \$5; c = \$6; p = \$7; b = \$8; print $3 }" "$1" | median
}

# The machine and versions, as a Markdown list.
describe_machine() {
    local memory os=
    memory=$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
    # shellcheck source=/dev/null
    os=$(. /etc/os-release && echo "$PRETTY_NAME") || os=$(uname -s)
    printf -- '- %s, %s cores, %s GiB of memory; %s, kernel %s\n' \
        "$(awk -F': *' '/^model name/ { print $2; exit }' /proc/cpuinfo)" \
        "$(getconf _NPROCESSORS_ONLN)" "$memory" "$os" "$(uname -r)"
    printf -- '- %s on a unix socket of the same machine, fsync off, data in memory\n' \
        "$(postgres --version)"
    printf -- '- %s; gzip %s, pigz %s, zstd %s\n' "$(dbbackup --version | head -n 1)" \
        "$(version_of gzip)" "$(version_of pigz)" "$(version_of zstd)"
    printf -- '- %s\n' "$(date -u '+%Y-%m-%d')"
}

version_of() { "$1" --version 2>&1 | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1; }
