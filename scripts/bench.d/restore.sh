# shellcheck shell=bash disable=SC2154 # pairs, scale, work and way_* are scripts/bench's
# shellcheck disable=SC2016 # commands are expanded by the shell that runs them
# Sourced by scripts/bench: `dbbackup restore` against pg_restore and psql, each into an empty
# database.

dbbackup_restore='dbbackup restore -q --no-safety-dump --confirm target'
psql_1='gunzip -c "$PLAIN" | psql -X -q -o /dev/null -v ON_ERROR_STOP=1 -1 -d "$DATABASE_URL"'
pg_restore='pg_restore --exit-on-error --dbname="$DATABASE_URL"'
analyze='vacuumdb -q --analyze-only --dbname="$DATABASE_URL"'

floor 'pg_restore -j 2' "$pg_restore -j 2 \"\$ARCHIVE\""
way dbbackup 'dbbackup restore' "$dbbackup_restore \"\$PLAIN\""
way dbbackup_jobs 'dbbackup restore --jobs 2' "$dbbackup_restore --jobs 2 \"\$ARCHIVE\""
way psql 'gunzip | psql -1' "$psql_1"
way psql_analyze 'gunzip | psql -1; vacuumdb -Z' "$psql_1 && $analyze"
way pg_restore 'pg_restore' "$pg_restore \"\$ARCHIVE\""
way pg_restore_jobs_analyze 'pg_restore -j 2; vacuumdb -Z -j 2' \
    "$pg_restore -j 2 \"\$ARCHIVE\" && $analyze -j 2"

# An empty database to restore into, and nothing left of the previous run: --jobs keeps the database
# it replaced. DROP DATABASE ends with a checkpoint, so none is left for the run.
set_the_stage() {
    local database
    psql -X -At "$(url_of postgres)" -c "select datname from pg_database where datname ~ '^target'" |
        while IFS= read -r database; do
            dropdb -h "$throwaway_dir" -U postgres --force "$database"
        done
    createdb -h "$throwaway_dir" -U postgres -T template0 target
}

# take_dumps TIMES: PLAIN and ARCHIVE, with TIMES times the data. Prints how many MB of SQL that is.
take_dumps() {
    make_database bench "$1"
    note "taking its dumps"
    DATABASE_URL=$(url_of bench) dbbackup dump -q --dir "plain_$1" > /dev/null
    DATABASE_URL=$(url_of bench) dbbackup dump -q --dir "archive_$1" -F custom > /dev/null
    sql_megabytes bench
    dropdb -h "$throwaway_dir" -U postgres bench
}

# use_dumps TIMES
use_dumps() {
    local plain=("plain_$1"/*.sql.gz) archive=("archive_$1"/*.dump)
    export PLAIN=$work/${plain[0]} ARCHIVE=$work/${archive[0]}
    DATABASE_URL=$(url_of target)
    export DATABASE_URL
}

bench_restore() {
    local megabytes growing=(dbbackup dbbackup_jobs)

    megabytes=$(take_dumps 1)
    use_dumps 1
    measure_pairs "$work/results" "$pairs" "${way_keys[@]}"

    printf '## Restore, %s MB of plain SQL\n\n' "$megabytes"
    describe_machine
    describe_method "Each run restores into an empty database, made outside its time. \`dbbackup restore\`
        and \`psql\` read the same gzip file in one transaction; \`pg_restore\` and \`--jobs\` the same custom
        archive, and not in one. Within its time, \`dbbackup\` also checks the dump against its manifest
        before it begins and once more when all is restored, compares the rows that arrived, and runs
        ANALYZE. The others check nothing, and run ANALYZE only if the line says \`vacuumdb -Z\`."
    print_times "$work/results"
    print_floor_range "$work/results"
    times_as_fast "$work/results" dbbackup psql_analyze
    times_as_fast "$work/results" dbbackup_jobs pg_restore_jobs_analyze
    echo

    if ((scale > 1)); then
        megabytes=$(take_dumps "$scale")
        use_dumps "$scale"
        measure_pairs "$work/results_large" "$(((pairs + 1) / 2))" "${growing[@]}"
        printf '\n### With %s times the data: %s MB\n\n' "$scale" "$megabytes"
        print_growth "$work/results" "$work/results_large" "${growing[@]}"
    fi
}
