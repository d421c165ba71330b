# shellcheck shell=bash disable=SC2034,SC2154 # some names are scripts/bench's
# Sourced by scripts/bench: ways to do a job, pairs of runs, medians over them, and their Markdown.
#
# Each measured run comes right after a run of the job's floor (what it is compared with), and the
# ratio of the two counts: a machine that is slower for a minute is slower for both.
#
# A job's file in bench.d adds its floor and its ways; set_the_stage, which runs before each run and
# is not measured; and bench_NAME.

floor_shown='' floor_command=''
way_keys=()
declare -A way_shown way_command

# floor SHOWN COMMAND
floor() {
    floor_shown=$(as_code "$1")
    floor_command=$2
}

# way KEY SHOWN COMMAND
way() {
    way_keys+=("$1")
    way_shown[$1]=$(as_code "$2")
    way_command[$1]=$3
}

as_code() { printf '%s' "\`${1//|/\\|}\`"; } # a bar would end the cell of a Markdown table

note() { printf 'bench: %s\n' "$*" >&2; }

# make_database NAME TIMES [TABLE…]: with TIMES times the data. Separate sessions fill the tables (all of
# them if none is named), as many at a time as there are cores.
make_database() {
    local name=$1 rows
    rows=$(calculate "$factor * $2")
    shift 2
    if (($# == 0)); then set -- prose events payments files accounts; fi
    note "making database $name"
    createdb -h "$throwaway_dir" -U postgres "$name"
    printf '%s\n' "$@" |
        xargs -P "$(getconf _NPROCESSORS_ONLN)" -I PART psql -X -q "$(url_of "$name")" \
            -v factor="$rows" -v part=PART -f "$here/bench.d/data.sql"
    # Hint bits and visibility are set now, not by whichever run comes first.
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

# measure_pairs RESULTS PAIRS KEY…: appends to RESULTS one line for each pair: the way's key, wall,
# CPU and peak of the floor, the same of the way, and the bytes it left in the directory out. The
# ways take turns, so that none gets all of the machine's good minutes.
measure_pairs() {
    local results=$1 pairs=$2 round key of_floor of_way bytes
    shift 2
    of_floor=$(one_run "$floor_command") # fills the caches
    for ((round = 1; round <= pairs; round++)); do
        for key in "$@"; do
            note "pair $round of $pairs: $key"
            of_floor=$(one_run "$floor_command")
            of_way=$(one_run "${way_command[$key]}")
            bytes=$(find out -type f ! -name '*.json' -exec cat {} + | wc -c)
            printf '%s %s %s %s\n' "$key" "$of_floor" "$of_way" "$bytes" >> "$results"
        done
    done
    rm -rf out
}

# one_run COMMAND: measured, on a fresh stage.
one_run() {
    rm -rf out
    mkdir out
    set_the_stage
    sync # the previous run's unwritten data must not slow down this one
    measured "$1"
}

calculate() { awk "BEGIN { print $1 }"; }

median() {
    sort -g | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

# median_of RESULTS KEY EXPRESSION: over that way's pairs (all pairs if KEY is "any"). fw fc fp are
# wall seconds, CPU seconds and peak KiB of the floor, w c p those of the way, b its bytes.
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

# describe_method WHAT_ELSE: what was measured and how, as a paragraph.
describe_method() {
    local text="Prose, JSON, numbers, UUIDs, timestamps and bytes. Medians of $pairs pairs: each run is
        compared with the run of ${floor_shown//\\|/|} just before it. CPU is user and system time of all
        processes but the server's. Peak is the resident memory of the largest process. $1
        1 MB is 10⁶ bytes, 1 MiB 2²⁰."
    printf '\n%s\n\n' "$(tr -s ' \n' ' ' <<< "$text" | fold -s -w 104 | sed 's/ *$//')"
}

# print_times RESULTS: time, CPU and memory of the floor and of each way.
print_times() {
    local results=$1 key
    echo '| | wall s | of floor | CPU s | of floor | peak MiB |'
    echo '|---|---:|---:|---:|---:|---:|'
    printf '| floor: %s | %.2f | 1.00 | %.2f | 1.00 | %.0f |\n' "$floor_shown" \
        "$(median_of "$results" any fw)" "$(median_of "$results" any fc)" \
        "$(median_of "$results" any 'fp / 1024')"
    for key in "${way_keys[@]}"; do
        printf '| %s | %.2f | %.2f | %.2f | %.2f | %.0f |\n' "${way_shown[$key]}" \
            "$(median_of "$results" "$key" w)" "$(median_of "$results" "$key" 'w / fw')" \
            "$(median_of "$results" "$key" c)" "$(median_of "$results" "$key" 'c / fc')" \
            "$(median_of "$results" "$key" 'p / 1024')"
    done
}

# The range of the floor's runs.
print_floor_range() {
    sort -g -k 2,2 "$1" | awk '{ last = $2; if (NR == 1) first = $2 }
        END { printf "\nThe floor ran %d times, in %.2f to %.2f s.", NR, first, last }'
}

# times_as_fast RESULTS KEY OTHER: by their ratios to the floor, as a sentence.
times_as_fast() {
    local ours theirs
    ours=$(median_of "$1" "$2" 'w / fw')
    theirs=$(median_of "$1" "$3" 'w / fw')
    printf ' %s is %.1f times as fast as %s.' "${way_shown[$2]//\\|/|}" "$(calculate "$theirs / $ours")" \
        "${way_shown[$3]//\\|/|}"
}

# print_growth SMALL LARGE KEY…: results of the same ways with the data once and $scale times.
print_growth() {
    local small=$1 large=$2 key
    shift 2
    echo "| | wall s, once | wall s, $scale times | ratio | peak MiB, once | peak MiB, $scale times |"
    echo '|---|---:|---:|---:|---:|---:|'
    growth_row "floor: $floor_shown" any fw fp
    for key in "$@"; do growth_row "${way_shown[$key]}" "$key" w p; done
}

# growth_row SHOWN KEY WALL PEAK: with print_growth's small and large.
growth_row() {
    local small_wall large_wall
    small_wall=$(median_of "$small" "$2" "$3")
    large_wall=$(median_of "$large" "$2" "$3")
    printf '| %s | %.2f | %.2f | %.2f | %.0f | %.0f |\n' "$1" "$small_wall" "$large_wall" \
        "$(calculate "$large_wall / $small_wall")" \
        "$(median_of "$small" "$2" "$4 / 1024")" "$(median_of "$large" "$2" "$4 / 1024")"
}
