# shellcheck shell=bash
# Sourced by all scripts that run dbbackup or PostgreSQL's clients: forgets the caller's own server,
# so that no test, demo or benchmark can reach it. DBBACKUP_TEST_* and the settings of these scripts
# stay.
forget_callers_database() {
    local name
    while IFS= read -r name; do
        case $name in
            DBBACKUP_TEST_* | DBBACKUP_CI | DBBACKUP_NO_SETUP) ;;
            PG* | DATABASE_URL | DBBACKUP_*) unset "$name" ;;
        esac
    done < <(compgen -e)
}
