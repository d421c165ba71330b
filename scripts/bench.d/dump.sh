# shellcheck shell=bash disable=SC2154 # pairs, scale, work and way_* are scripts/bench's
# shellcheck disable=SC2016 # commands are expanded by the shell that runs them
# Sourced by scripts/bench: `dbbackup dump` against pg_dump and the usual pipelines.

pg_dump='pg_dump --dbname="$DATABASE_URL"'
floor 'pg_dump > /dev/null' "$pg_dump > /dev/null"
way dbbackup 'dbbackup dump' 'dbbackup dump -q'
way dbbackup_zstd 'dbbackup dump -Z zstd' 'dbbackup dump -q -Z zstd'
way dbbackup_custom 'dbbackup dump -F custom' 'dbbackup dump -q -F custom'
way gzip 'pg_dump | gzip' "$pg_dump | gzip > out/x"
way pigz 'pg_dump | pigz' "$pg_dump | pigz > out/x"
way zstd 'pg_dump | zstd -3 -T0' "$pg_dump | zstd -q -3 -T0 > out/x"
way pg_dump_Z6 'pg_dump -Z6' "$pg_dump -Z6 -f out/x"
way pg_dump_Fc 'pg_dump -Fc' "$pg_dump -Fc -f out/x"

set_the_stage() { :; } # a dump does not change the database

use_database() {
    DATABASE_URL=$(url_of "$1")
    export DATABASE_URL DBBACKUP_DIR=$work/out
}

print_dump_table() {
    local results=$1 gzip_bytes key
    gzip_bytes=$(median_of "$results" gzip b)
    echo '| | wall s | of floor | CPU s | of floor | file MB | of gzip | peak MiB |'
    echo '|---|---:|---:|---:|---:|---:|---:|---:|'
    printf '| floor: %s | %.2f | 1.00 | %.2f | 1.00 | – | – | %.0f |\n' "$floor_shown" \
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
    print_floor_range "$results"
    for key in gzip pigz; do times_as_fast "$results" dbbackup "$key"; done
    echo
}

bench_dump() {
    local growing=(dbbackup dbbackup_zstd dbbackup_custom)

    make_database bench 1
    use_database bench
    measure_pairs "$work/results" "$pairs" "${way_keys[@]}"

    printf '## Dump, %s MB of plain SQL\n\n' "$(sql_megabytes bench)"
    describe_machine
    describe_method "Within its time, \`dbbackup\` also computes SHA-256, row counts and row fingerprints,
        and syncs file and directory. The others do none of that."
    print_dump_table "$work/results"

    if ((scale > 1)); then
        make_database large "$scale"
        use_database large
        measure_pairs "$work/results_large" "$(((pairs + 1) / 2))" "${growing[@]}"
        printf '\n### With %s times the data: %s MB\n\n' "$scale" "$(sql_megabytes large)"
        print_growth "$work/results" "$work/results_large" "${growing[@]}"
    fi
}
