# shellcheck shell=bash disable=SC2154 # pairs, scale, work and way_* are scripts/bench's
# shellcheck disable=SC2016 # commands are expanded by the shell that runs them
# Sourced by scripts/bench: `dbbackup dump` beside pg_dump and the usual pipelines.

pg_dump='pg_dump --dbname="$DATABASE_URL"'
dump_floor="$pg_dump > /dev/null"

way dbbackup 'dbbackup dump' 'dbbackup dump -q'
way dbbackup_zstd 'dbbackup dump -Z zstd' 'dbbackup dump -q -Z zstd'
way dbbackup_custom 'dbbackup dump -F custom' 'dbbackup dump -q -F custom'
way gzip 'pg_dump | gzip' "$pg_dump | gzip > out/x"
way pigz 'pg_dump | pigz' "$pg_dump | pigz > out/x"
way zstd 'pg_dump | zstd -3 -T0' "$pg_dump | zstd -q -3 -T0 > out/x"
way pg_dump_Z6 'pg_dump -Z6' "$pg_dump -Z6 -f out/x"
way pg_dump_Fc 'pg_dump -Fc' "$pg_dump -Fc -f out/x"

use_database() {
    DATABASE_URL=$(url_of "$1")
    export DATABASE_URL DBBACKUP_DIR=$work/out
}

print_dump_table() {
    local results=$1 gzip_bytes key ours theirs
    gzip_bytes=$(median_of "$results" gzip b)
    echo '| | wall s | of floor | CPU s | of floor | file MB | of gzip | peak MiB |'
    echo '|---|---:|---:|---:|---:|---:|---:|---:|'
    printf '| floor: `pg_dump > /dev/null` | %.2f | 1.00 | %.2f | 1.00 | – | – | %.0f |\n' \
        "$(median_of "$results" any fw)" "$(median_of "$results" any fc)" \
        "$(median_of "$results" any 'fp / 1024')"
    for key in "${way_keys[@]}"; do
        printf '| %s | %.2f | %.2f | %.2f | %.2f | %.1f | %.3f | %.0f |\n' "${way_shown[$key]}" \
            "$(median_of "$results" "$key" w)" "$(median_of "$results" "$key" 'w / fw')" \
            "$(median_of "$results" "$key" c)" "$(median_of "$results" "$key" 'c / fc')" \
            "$(median_of "$results" "$key" 'b / 1e6')" \
            "$(median_of "$results" "$key" "b / $gzip_bytes")" \
            "$(median_of "$results" "$key" 'p / 1024')"
    done
    sort -g -k 2,2 "$results" | awk '{ last = $2; if (NR == 1) first = $2 }
        END { printf "\nThe floor ran %d times, in %.2f to %.2f s.", NR, first, last }'
    ours=$(median_of "$results" dbbackup 'w / fw')
    for key in gzip pigz; do
        theirs=$(median_of "$results" "$key" 'w / fw')
        printf ' `dbbackup dump` is %.1f times as fast as %s.' "$(calculate "$theirs / $ours")" \
            "${way_shown[$key]//\\|/|}"
    done
    echo
}

print_dump_growth() {
    local small=$1 large=$2 key small_wall large_wall
    shift 2
    echo "| | wall s, once | wall s, $scale times | ratio | peak MiB, once | peak MiB, $scale times |"
    echo '|---|---:|---:|---:|---:|---:|'
    printf '| floor: `pg_dump > /dev/null` | %.2f | %.2f | %.2f | %.0f | %.0f |\n' \
        "$(median_of "$small" any fw)" "$(median_of "$large" any fw)" \
        "$(calculate "$(median_of "$large" any fw) / $(median_of "$small" any fw)")" \
        "$(median_of "$small" any 'fp / 1024')" "$(median_of "$large" any 'fp / 1024')"
    for key in "$@"; do
        small_wall=$(median_of "$small" "$key" w)
        large_wall=$(median_of "$large" "$key" w)
        printf '| %s | %.2f | %.2f | %.2f | %.0f | %.0f |\n' "${way_shown[$key]}" \
            "$small_wall" "$large_wall" "$(calculate "$large_wall / $small_wall")" \
            "$(median_of "$small" "$key" 'p / 1024')" "$(median_of "$large" "$key" 'p / 1024')"
    done
}

bench_dump() {
    local growing=(dbbackup dbbackup_zstd dbbackup_custom)

    make_database bench 1
    use_database bench
    measure_pairs "$work/results" "$dump_floor" "$pairs" "${way_keys[@]}"

    printf '## Dump, %s MB of plain SQL\n\n' "$(sql_megabytes bench)"
    describe_machine
    cat << TEXT

Prose, JSON, numbers, UUIDs, timestamps and bytes. Medians of $pairs pairs: each run is compared with
the run of \`pg_dump > /dev/null\` just before it. CPU is user and system time of all processes but the
server's. Peak is the resident memory of the largest process. \`dbbackup\` also computes SHA-256, row
counts and row fingerprints, and syncs file and directory, all within its time; the others do none of
that. 1 MB is 10⁶ bytes, 1 MiB 2²⁰.

TEXT
    print_dump_table "$work/results"

    if ((scale > 1)); then
        make_database large "$scale"
        use_database large
        measure_pairs "$work/results_large" "$dump_floor" "$(((pairs + 1) / 2))" "${growing[@]}"
        printf '\n### With %s times the data: %s MB\n\n' "$scale" "$(sql_megabytes large)"
        print_dump_growth "$work/results" "$work/results_large" "${growing[@]}"
    fi
}
