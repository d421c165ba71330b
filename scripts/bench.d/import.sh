# shellcheck shell=bash disable=SC2154 # pairs, work and way_* are scripts/bench's
# shellcheck disable=SC2016 # commands are expanded by the shell that runs them
# Sourced by scripts/bench: `dbbackup import` against the same by hand, of rows that lie ready in a file.

floor '\copy into a staging table, INSERT … ON CONFLICT DO NOTHING' \
    'psql -X -q -v ON_ERROR_STOP=1 -f by_hand.sql "$DATABASE_URL"'
way dbbackup 'dbbackup import --mode add' 'dbbackup import latest -q --dir dumps --mode add'
way export 'dbbackup import --mode add (export)' \
    'dbbackup import ./bench.export.json.gz -q --dir dumps --mode add'
way merge 'dbbackup import --mode merge' \
    'dbbackup import latest -q --dir dumps --mode merge --newer-by booked_at --confirm bench --no-safety-dump'
way replace 'dbbackup import --mode replace' \
    'dbbackup import latest -q --dir dumps --mode replace --confirm bench --no-safety-dump'

# One row in ten is missing.
set_the_stage() {
    psql -X -q "$DATABASE_URL" -c 'delete from payments where id % 10 = 0' \
        -c 'vacuum (full, analyze) payments' -c 'checkpoint'
    rm -f dumps/*.import-undo
}

bench_import() {
    local rows
    make_database bench 0.8 payments
    DATABASE_URL=$(url_of bench)
    export DATABASE_URL
    rows=$(psql -X -A -t "$DATABASE_URL" -c 'select count(*) from payments')
    dbbackup dump -q --dir dumps > /dev/null
    dbbackup export -q -o bench.export.json.gz > /dev/null
    psql -X -q "$DATABASE_URL" -c "\\copy payments to '$work/payments.copy'"
    cat > by_hand.sql << 'END'
begin;
create temporary table staged (like payments);
\copy staged from 'payments.copy'
insert into payments select * from staged on conflict do nothing;
commit;
END
    measure_pairs "$work/results" "$pairs" "${way_keys[@]}"

    printf '## Import, %s rows of which one in ten is missing\n\n' "$rows"
    describe_machine
    describe_method "By hand, nobody looks what the file's values become, which rows differ, or what would
        bring back the state before; and the rows lie ready, while dbbackup reads a whole dump twice."
    print_times "$work/results"
    print_floor_range "$work/results"
    echo
}
