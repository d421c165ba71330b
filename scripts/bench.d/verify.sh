# shellcheck shell=bash disable=SC2154 # pairs, scale, work and way_* are scripts/bench's
# shellcheck disable=SC2016 # commands are expanded by the shell that runs them
# Sourced by scripts/bench: `dbbackup verify` against the compressors' own tests.

floor 'gzip -t' 'gzip -t "$GZIP_FILE"'
way dbbackup 'dbbackup verify (gzip)' 'dbbackup verify -q "$GZIP_FILE"'
way pigz 'pigz -t' 'pigz -t "$GZIP_FILE"'
way sha256sum 'sha256sum' 'sha256sum "$GZIP_FILE"'
way dbbackup_zstd 'dbbackup verify (zstd)' 'dbbackup verify -q "$ZSTD_FILE"'
way zstd 'zstd -t' 'zstd -q -t "$ZSTD_FILE"'
way dbbackup_none 'dbbackup verify (none)' 'dbbackup verify -q "$NONE_FILE"'
way dbbackup_custom 'dbbackup verify (custom)' 'dbbackup verify -q "$CUSTOM_FILE"'
way pg_restore 'pg_restore -f - > /dev/null' 'pg_restore -f - "$CUSTOM_FILE" > /dev/null'
way drill 'dbbackup verify --restore (gzip)' 'dbbackup verify -q --restore "$GZIP_FILE"'

set_the_stage() { :; } # reading does not change a dump

# take_dumps TIMES: one of each kind, with TIMES times the data. Prints how many MB of SQL that is.
take_dumps() {
    local kind
    make_database bench "$1"
    note "taking its dumps"
    DATABASE_URL=$(url_of bench)
    export DATABASE_URL
    for kind in gzip zstd none; do dbbackup dump -q --dir "${kind}_$1" -Z "$kind" > /dev/null; done
    dbbackup dump -q --dir "custom_$1" -F custom > /dev/null
    sql_megabytes bench
    dropdb -h "$throwaway_dir" -U postgres bench
}

# use_dumps TIMES
use_dumps() {
    local gzip=("gzip_$1"/*.sql.gz) zstd=("zstd_$1"/*.sql.zst) none=("none_$1"/*.sql) custom=("custom_$1"/*.dump)
    export GZIP_FILE=$work/${gzip[0]} ZSTD_FILE=$work/${zstd[0]} NONE_FILE=$work/${none[0]} CUSTOM_FILE=$work/${custom[0]}
}

# bomb SHOWN COMMAND: a small file that decompresses to a large one; what it costs to find out that
# it is not a dump.
bomb() {
    local wall peak
    bash -c "$2" > bomb
    "$bin/tests/measure" "$work/measured" dbbackup verify -q bomb > "$work/output" 2>&1 || true
    read -r wall _ peak < "$work/measured"
    printf '| %s | %.1f | %.2f | %.0f |\n' "$1" "$(stat -c %s bomb | awk '{ print $1 / 1e6 }')" "$wall" \
        "$(calculate "$peak / 1024")"
    rm bomb
}

print_bombs() {
    echo '| | file MB | wall s | peak MiB |'
    echo '|---|---:|---:|---:|'
    bomb 'a row of 2 GiB, gzip' '(echo "COPY t (a) FROM stdin;"; head -c 2G /dev/zero | tr "\0" x) | pigz'
    bomb 'a row of 2 GiB, zstd' '(echo "COPY t (a) FROM stdin;"; head -c 2G /dev/zero | tr "\0" x) | zstd -q'
    bomb '20 million rows, gzip' '(echo "COPY t (a) FROM stdin;"; yes 1 | head -n 20000000) | pigz'
    bomb 'a statement of 2 GiB, gzip' '(printf "SELECT "; head -c 2G /dev/zero | tr "\0" x) | pigz'
    bomb 'a string of 2 GiB, gzip' "(printf 'SELECT \047'; head -c 2G /dev/zero | tr '\\0' x) | pigz"
    bomb '2 GiB of line comments, gzip' '(yes -- "-- comment" | head -c 2G) | pigz'
}

bench_verify() {
    local megabytes growing=(dbbackup dbbackup_zstd dbbackup_none)

    megabytes=$(take_dumps 1)
    use_dumps 1
    measure_pairs "$work/results" "$pairs" "${way_keys[@]}"

    printf '## Verify, %s MB of plain SQL\n\n' "$megabytes"
    describe_machine
    describe_method "All read from the page cache. \`dbbackup verify\` also lexes the SQL from end to end,
        counts and fingerprints every row, computes the file's SHA-256, compares all of it with the manifest,
        and records the result there. The others check only what the compressor's own format lets them check.
        \`verify --restore\` does all that, starts a server, restores, dumps again and compares; its peak is that of the server."
    print_times "$work/results"
    print_floor_range "$work/results"
    printf ' %s is %.1f times as fast as %s.\n' "${way_shown[dbbackup]}" \
        "$(calculate "1 / $(median_of "$work/results" dbbackup 'w / fw')")" "$floor_shown"
    printf '\n### Small files that decompress to large ones\n\nNone of these is a dump. The point is the memory.\n\n'
    print_bombs

    if ((scale > 1)); then
        megabytes=$(take_dumps "$scale")
        use_dumps "$scale"
        measure_pairs "$work/results_large" "$(((pairs + 1) / 2))" "${growing[@]}"
        printf '\n### With %s times the data: %s MB\n\n' "$scale" "$megabytes"
        print_growth "$work/results" "$work/results_large" "${growing[@]}"
    fi
}
