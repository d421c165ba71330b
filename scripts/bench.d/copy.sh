# shellcheck shell=bash disable=SC2154 # pairs, work and way_* are scripts/bench's
# shellcheck disable=SC2016 # commands are expanded by the shell that runs them
# Sourced by scripts/bench: `dbbackup dump --to` and `push` to a directory against cp and sync. The dump is
# not compressed, so that as little as possible of the time is that of the dump.

dump='dbbackup dump -q -Z none --dir out/dumps'
copied='cp out/dumps/*.sql out/disk/x && sync out/disk/x'
floor 'dbbackup dump; cp; sync' "$dump && $copied"
way dump_to 'dbbackup dump --to disk' "$dump --to disk"
way dump 'dbbackup dump' "$dump"
way push 'dbbackup push --to disk' 'dbbackup push -q --dir dumps --to disk'
way cp 'cp; sync' 'cp dumps/*.sql out/disk/x && sync out/disk/x'

set_the_stage() { mkdir -m 700 out/disk; }

bench_copy() {
    local size ratio
    make_database bench 12 files # bytes: of all tables, this one is dumped the fastest
    DATABASE_URL=$(url_of bench)
    export DATABASE_URL
    (umask 077 && printf '[remote.disk]\ntarget = "%s/out/disk"\n' "$work" > dbbackup.toml)
    dbbackup dump -q -Z none --dir dumps > /dev/null
    size=$(find dumps -name '*.sql' -printf '%s')
    measure_pairs "$work/results" "$pairs" "${way_keys[@]}"

    printf '## Copy to a directory, a dump of %.0f MB\n\n' "$(calculate "$size / 1e6")"
    describe_machine
    describe_method "The copy is on the same disk as the dump. \`dbbackup\` hashes the dump while it copies it,
        syncs the copy, reads it back from the disk and hashes it, and does the same with its manifest. \`cp; sync\`
        checks nothing."
    print_times "$work/results"
    print_floor_range "$work/results"
    ratio=$(calculate "$(median_of "$work/results" push 'w / fw') / $(median_of "$work/results" cp 'w / fw')")
    printf ' %s takes %.1f times as long as %s.\n' "${way_shown[push]}" "$ratio" "${way_shown[cp]}"
}
