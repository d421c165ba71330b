# shellcheck shell=bash disable=SC2154 # pairs, work and way_* are scripts/bench's
# shellcheck disable=SC2016 # commands are expanded by the shell that runs them
# Sourced by scripts/bench: `dbbackup compare` against a pg_dump that reads the same rows.

floor 'pg_dump > /dev/null' 'pg_dump --dbname="$DATABASE_URL" > /dev/null'
way dbbackup 'dbbackup compare' 'dbbackup compare -q --dir dumps'
way counted 'dbbackup compare --counts-only' 'dbbackup compare -q --dir dumps --counts-only'
way custom 'dbbackup compare (custom, without a manifest)' 'dbbackup compare -q "$UNKNOWN_FILE"'
way rows 'dbbackup compare --rows events' 'dbbackup compare -q --dir dumps --rows events'
way dumps 'dbbackup compare --with' 'dbbackup compare -q --dir dumps --with latest'

set_the_stage() { :; } # comparing changes nothing

bench_compare() {
    local custom
    make_database bench 1
    DATABASE_URL=$(url_of bench)
    export DATABASE_URL
    dbbackup dump -q --dir dumps > /dev/null
    dbbackup dump -q --dir unknown -F custom > /dev/null
    rm unknown/*.json
    custom=(unknown/*.dump)
    export UNKNOWN_FILE=$work/${custom[0]}
    measure_pairs "$work/results" "$pairs" "${way_keys[@]}"

    printf '## Compare, %s MB of plain SQL\n\n' "$(sql_megabytes bench)"
    describe_machine
    describe_method "Nothing has changed, so every row is read. \`compare\` reads the tables in up to four
        sessions, and the dump only if its manifest does not say enough, or with \`--rows\`."
    print_times "$work/results"
    print_floor_range "$work/results"
    echo
}
