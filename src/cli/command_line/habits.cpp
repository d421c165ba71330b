#include "cli/command_line/habits.hpp"

#include <algorithm>
#include <vector>

namespace dbbackup::cli {

namespace {

using Words = std::vector<std::string_view>;

/// A word that users know from rm, restic, git, pg_dump, pg_restore, psql or mysqldump.
struct Habit {
    Words commands; ///< our commands that it is typed with; empty: any
    Words words;
    /// A number in braces is an example; the number that was typed replaces it.
    std::string_view advice;
};

constexpr std::string_view k_connection =
    "Name the database, its host, port and user with DATABASE_URL, or with --url "
    "postgres://USER@HOST:PORT/DATABASE.";
constexpr std::string_view k_password =
    "Put the password into DATABASE_URL, PGPASSWORD or ~/.pgpass, never into an argument, which ps "
    "shows to everybody.";
constexpr std::string_view k_confirm =
    "To restore without being asked, name the target database: --confirm NAME.";
constexpr std::string_view k_after_dashes =
    "Put options for pg_dump after --, as in: dbbackup dump -- --no-comments";
constexpr std::string_view k_place =
    "A dump is named after the database and the time. Choose its directory with --dir.";

const std::vector<Habit>& command_habits() {
    static const std::vector<Habit> k_habits{
        {{},
         {"cron", "crontab", "timer", "timers", "systemd", "launchd"},
         "To dump on a schedule: dbbackup schedule on NAME, or dbbackup schedule --print cron"},
        {{}, {"ls", "dir", "ll", "snapshots", "dumps"}, "To list the dumps: dbbackup list"},
        {{},
         {"rm", "del", "delete", "remove", "erase", "drop", "unlink"},
         "No command deletes a single dump. prune deletes the dumps that no rule keeps, except "
         "pinned ones. To see what it would delete: dbbackup prune --keep-last 7 --dry-run"},
        {{},
         {"clean", "cleanup", "purge", "gc", "expire", "rotate", "retention", "vacuum"},
         "prune deletes the dumps that no rule keeps. To see what it would delete: dbbackup prune "
         "--keep-last 7 --dry-run"},
        {{},
         {"cmp", "changes", "changed", "drift"},
         "To show what has changed since the newest dump: dbbackup compare"},
        {{},
         {"create", "take", "save", "new", "pg_dump", "pgdump", "snapshot"},
         "To take a dump: dbbackup dump"},
        {{},
         {"init", "setup", "install", "configure"},
         "Nothing needs to be set up first. To take a dump: dbbackup dump"},
        {{},
         {"test", "validate", "drill", "prove", "fsck"},
         "verify reads a dump and checks it. To also prove it with a restore: dbbackup verify "
         "--restore"},
        {{},
         {"info", "inspect", "describe", "cat", "details"},
         "To show what a dump holds: dbbackup show"},
        {{},
         {"load", "recover", "pg_restore", "pgrestore", "apply"},
         "To restore a dump: dbbackup restore"},
        {{},
         {"undo", "rollback", "revert", "back"},
         "restore, guard and import print the undo command. To list the dumps, including safety "
         "dumps: "
         "dbbackup list"},
        {{},
         {"add", "insert", "merge", "replace", "upsert"},
         "To bring rows of a dump back into the tables of today: dbbackup import --mode add "
         "--dry-run"},
        {{},
         {"health", "monitor", "doctor", "metrics"},
         "To check that there are recent, good dumps: dbbackup status"},
        {{},
         {"keep", "hold", "protect", "lock"},
         "To protect a dump from prune: dbbackup pin DUMP"},
        {{},
         {"release", "unprotect", "unlock"},
         "To let the rules of prune apply to a dump again: dbbackup unpin DUMP"},
        {{},
         {"run", "exec", "wrap", "before"},
         "To take a dump before a command runs: dbbackup guard -- COMMAND"},
        {{},
         {"upload", "sync", "copy", "cp", "mirror", "send", "replicate"},
         "To copy dumps to another place: dbbackup push --to REMOTE"},
        {{},
         {"download", "fetch", "get"},
         "To fetch a copy from another place: dbbackup pull --from REMOTE"},
        {{},
         {"remote", "remotes"},
         "Remotes are in the configuration: in dbbackup.toml, [remote.NAME] and, below it, target "
         "= \"/mnt/backup\", or \"NAME:PATH\" as rclone knows it."},
        {{},
         {"encrypt", "seal", "keygen"},
         "To seal a dump with age: dbbackup dump --encrypt RECIPIENT. To make a key: age-keygen -o "
         "key.txt"},
        {{},
         {"decrypt", "unseal"},
         "restore, verify, show and compare open a sealed dump with --identity FILE. By hand: age "
         "-d -i FILE DUMP"},
        {{}, {"version"}, "To see the version: dbbackup --version"},
    };
    return k_habits;
}

const std::vector<Habit>& option_habits() {
    static const std::vector<Habit> k_habits{
        {{"restore"},
         {"-f", "--file"},
         "Name the dump without an option: dbbackup restore DUMP. To restore without being asked, "
         "name the target database: --confirm NAME."},
        {{"restore"},
         {"-y", "--yes", "--force", "--assume-yes", "--no-confirm", "--noconfirm",
          "--non-interactive", "--noninput", "--no-input", "--batch"},
         k_confirm},
        {{"restore"},
         {"-c", "--drop", "--overwrite", "--replace"},
         "To drop the objects in the dump first: --clean."},
        {{"restore"}, {"-C"}, "To create the target database first: --create."},
        {{"restore"},
         {"-1", "--single-transaction", "-e", "--exit-on-error"},
         "No option is needed: a restore is all or nothing."},
        {{"restore"}, {"--if-exists"}, "No option is needed: --clean drops only what exists."},
        {{"restore", "verify", "show"},
         {"-F", "--format"},
         "No option is needed: the format is detected from the content."},
        {{"restore"}, {"-l", "--list"}, "To see what a dump holds: dbbackup show DUMP"},
        {{"restore"}, {"--into", "--target", "--to"}, k_connection},
        {{"import"},
         {"--add", "--merge", "--replace", "--insert", "--upsert"},
         "Choose what happens to rows that are there with --mode add, merge or replace."},
        {{"compare", "import", "export"},
         {"--schema"},
         "To choose the tables of a schema: -t 'SCHEMA.*'. To choose the database, use "
         "DATABASE_URL "
         "or --url."},
        {{"compare"},
         {"-d", "--dbname", "--db", "--against", "--to"},
         "The dump is compared with the database that DATABASE_URL or --url names. To compare it "
         "with another dump: --with DUMP."},
        {{"import", "export"}, {"-d", "--dbname", "--db"}, k_connection},
        {{"export"},
         {"--json", "--jsonl", "--csv"},
         "Choose the format with --format json, jsonl or csv."},
        {{"prune"},
         {"-y", "--yes", "-f", "--force", "--no-confirm"},
         "prune never asks. To see first what it would delete: --dry-run."},
        {{"prune"}, {"-n"}, "To see first what it would delete: --dry-run."},
        {{"prune", "dump", "guard"},
         {"--keep", "--retain", "--retention", "--keep-count", "--keep-newest", "--max-count"},
         "To keep the {7} newest dumps: --keep-last {7}."},
        {{"prune", "dump", "guard"},
         {"--days", "--keep-days", "--older-than", "--max-age", "--keep-for", "--retention-days",
          "--retain-days", "--max-days"},
         "To keep all dumps of the last {30} days: --keep-within {30}d. To keep one a day, for "
         "{30} "
         "days: --keep-daily {30}."},
        {{"verify"},
         {"--drill", "--deep", "--full", "--prove", "--read-data"},
         "To prove a dump with a restore: --restore."},
        {{"dump", "guard", "push"},
         {"--copy", "--copy-to", "--remote", "--upload", "--push"},
         "To copy the dump to a remote of the configuration: --to REMOTE."},
        {{"list", "show", "status", "verify", "restore", "import", "prune", "pin", "unpin", "pull"},
         {"--remote"},
         "To use the copies at a remote of the configuration: --from REMOTE."},
        {{"dump"},
         {"--seal", "--recipient", "--recipients", "-r", "--encryption", "--age"},
         "To seal the dump with age: --encrypt RECIPIENT."},
        {{"restore", "verify", "show", "compare", "import", "pull"},
         {"-i", "--key", "--decrypt", "--private-key", "--secret-key", "--keyfile"},
         "To open a sealed dump, name the file with the secret key: --identity FILE."},
        {{"dump", "guard"}, {"-f", "--file", "-o", "--out", "--outfile"}, k_place},
        {{"dump"},
         {"-b",
          "--blobs",
          "--large-objects",
          "-B",
          "--no-blobs",
          "--no-large-objects",
          "-e",
          "--extension",
          "-E",
          "--encoding",
          "--role",
          "--disable-triggers",
          "--no-comments",
          "--no-publications",
          "--no-subscriptions",
          "--no-security-labels",
          "--no-tablespaces",
          "--section",
          "--serializable-deferrable",
          "--strict-names",
          "--quote-all-identifiers",
          "--enable-row-security",
          "--extra-float-digits",
          "--no-unlogged-table-data"},
         k_after_dashes},
        {{},
         {"-y", "--yes", "--force", "--assume-yes", "--no-confirm"},
         "This command never asks."},
        {{"show", "pin", "unpin"},
         {"-d", "--dbname", "--db"},
         "latest is the newest dump of the database that DATABASE_URL or --url names. For any "
         "other dump, give its name. To list them: dbbackup list"},
        {{"dump", "restore", "guard", ""}, {"-d", "--dbname", "--db", "-D"}, k_connection},
        {{"list", "status", "prune", "verify"},
         {"-d", "--dbname", "--db"},
         "To choose a database: --database NAME."},
        {{},
         {"-h", "--host", "--hostname", "-U", "-u", "--user", "--username", "-p", "--port"},
         k_connection},
        {{}, {"-W", "-w", "--password", "--no-password", "--pass", "-P"}, k_password},
        {{},
         {"-o", "--output", "--output-dir", "--out-dir", "--directory", "--path", "--dest"},
         "To choose the dump directory: --dir DIR."},
        {{},
         {"--uri", "--dsn", "--connection", "--connection-string", "--database-url", "--conn"},
         "Name the database with --url, or better with DATABASE_URL, which ps does not show."},
        {{},
         {"--color", "--colour", "--no-color", "--no-colour"},
         "Colours are used only on a terminal, and never if NO_COLOR is set."},
        {{}, {"--debug", "--trace"}, "To print more details: --verbose."},
        {{}, {"-s", "--silent"}, "To print less: --quiet."},
        {{}, {"-n", "--simulate", "--what-if"}, "restore and prune have --dry-run."},
        {{}, {"--latest", "--last"}, "The newest dump is called latest, without dashes."},
    };
    return k_habits;
}

/// `advice` with the example in braces replaced by `number`, if there is one.
std::string with_number(std::string_view advice, std::string_view number) {
    std::string text;
    for (std::size_t brace = advice.find('{'); brace != std::string_view::npos;
         brace = advice.find('{')) {
        const std::size_t end = advice.find('}', brace);
        text += advice.substr(0, brace);
        text += number.empty() ? advice.substr(brace + 1, end - brace - 1) : number;
        advice.remove_prefix(end + 1);
    }
    return text + std::string{advice};
}

std::string find_advice(const std::vector<Habit>& habits, std::string_view command,
                        std::string_view word, std::string_view number) {
    const auto found = std::ranges::find_if(habits, [&](const Habit& habit) {
        return std::ranges::count(habit.words, word) > 0 &&
               (habit.commands.empty() || std::ranges::count(habit.commands, command) > 0);
    });
    return found == habits.end() ? "" : with_number(found->advice, number);
}

} // namespace

std::string advice_on_command(std::string_view word) {
    return find_advice(command_habits(), "", word, "");
}

std::string advice_on_option(std::string_view command, std::string_view option,
                             std::string_view number) {
    return find_advice(option_habits(), command, option, number);
}

} // namespace dbbackup::cli
