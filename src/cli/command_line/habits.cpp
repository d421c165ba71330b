#include "cli/command_line/habits.hpp"

#include <algorithm>
#include <vector>

namespace dbbackup::cli {

namespace {

using Words = std::vector<std::string_view>;

/// A word that people bring from rm, restic, git, pg_dump, pg_restore, psql or mysqldump.
struct Habit {
    Words commands; ///< those of ours that it is typed with; empty: any
    Words words;
    /// A number in braces is an example, and gives way to the one that was typed.
    std::string_view advice;
};

constexpr std::string_view k_connection =
    "The database, its host, port and user are named by DATABASE_URL or by --url "
    "postgres://USER@HOST:PORT/DATABASE.";
constexpr std::string_view k_password =
    "A password goes into DATABASE_URL, PGPASSWORD or ~/.pgpass, never into an argument, which ps "
    "shows to everybody.";
constexpr std::string_view k_confirm =
    "To restore without being asked, name the target database: --confirm NAME.";
constexpr std::string_view k_after_dashes =
    "Options of pg_dump go after --, as in: dbbackup dump -- --no-comments";
constexpr std::string_view k_place = "A dump gets its name from the database and the time. Name "
                                     "the directory that it goes to with --dir.";

const std::vector<Habit>& command_habits() {
    static const std::vector<Habit> k_habits{
        {{}, {"ls", "dir", "ll", "snapshots", "dumps"}, "To list the dumps: dbbackup list"},
        {{},
         {"rm", "del", "delete", "remove", "erase", "drop", "unlink"},
         "No command removes one dump by its name. prune removes those that no rule keeps, and pin "
         "keeps a dump whatever the rules say. To see what would go: dbbackup prune --keep-last 7 "
         "--dry-run"},
        {{},
         {"clean", "cleanup", "purge", "gc", "expire", "rotate", "retention", "vacuum"},
         "prune removes the dumps that no rule keeps. To see what would go: dbbackup prune "
         "--keep-last 7 --dry-run"},
        {{},
         {"diff", "compare", "cmp"},
         "No command compares two dumps. To compare a dump with what a restore makes of it: "
         "dbbackup verify --restore"},
        {{},
         {"create", "take", "save", "new", "export", "pg_dump", "pgdump", "snapshot"},
         "To take a dump: dbbackup dump"},
        {{},
         {"init", "setup", "install", "configure"},
         "Nothing needs to be set up first. To take a dump: dbbackup dump"},
        {{},
         {"test", "validate", "drill", "prove", "fsck"},
         "verify reads a dump and checks it. To prove it by a restore too: dbbackup verify "
         "--restore"},
        {{},
         {"info", "inspect", "describe", "cat", "details"},
         "To show what a dump holds: dbbackup show"},
        {{},
         {"load", "import", "recover", "pg_restore", "pgrestore", "apply"},
         "To restore a dump: dbbackup restore"},
        {{},
         {"undo", "rollback", "revert", "back"},
         "restore and guard print the command that brings the old state back. Its dump is one of "
         "those in: dbbackup list"},
        {{},
         {"health", "monitor", "doctor", "metrics"},
         "To see whether there are fresh, good dumps: dbbackup status"},
        {{}, {"keep", "hold", "protect", "lock"}, "To keep a dump from prune: dbbackup pin DUMP"},
        {{},
         {"release", "unprotect", "unlock"},
         "To leave a dump to the rules of prune again: dbbackup unpin DUMP"},
        {{},
         {"run", "exec", "wrap", "before"},
         "To take a dump before a command runs: dbbackup guard -- COMMAND"},
        {{}, {"version"}, "To see the version: dbbackup --version"},
    };
    return k_habits;
}

const std::vector<Habit>& option_habits() {
    static const std::vector<Habit> k_habits{
        {{"restore"},
         {"-f", "--file"},
         "The dump is named by a word: dbbackup restore DUMP. To restore without being asked, name "
         "the target database: --confirm NAME."},
        {{"restore"},
         {"-y", "--yes", "--force", "--assume-yes", "--no-confirm", "--noconfirm",
          "--non-interactive", "--noninput", "--no-input", "--batch"},
         k_confirm},
        {{"restore"},
         {"-c", "--drop", "--overwrite", "--replace"},
         "What the dump holds is dropped first by --clean."},
        {{"restore"}, {"-C"}, "The target database is made first by --create."},
        {{"restore"},
         {"-1", "--single-transaction", "-e", "--exit-on-error"},
         "No option is needed: a restore takes place as a whole or not at all."},
        {{"restore"}, {"--if-exists"}, "No option is needed: --clean drops only what is there."},
        {{"restore", "verify", "show"},
         {"-F", "--format"},
         "No option is needed: the format is detected from the content."},
        {{"restore"}, {"-l", "--list"}, "To see what a dump holds: dbbackup show DUMP"},
        {{"restore"}, {"--into", "--target", "--to"}, k_connection},
        {{"prune"},
         {"-y", "--yes", "-f", "--force", "--no-confirm"},
         "prune asks nothing. To see first what would go: --dry-run."},
        {{"prune"}, {"-n"}, "To see first what would go: --dry-run."},
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
         "To prove a dump by a restore: --restore."},
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
        {{}, {"-y", "--yes", "--force", "--assume-yes", "--no-confirm"}, "Nothing is asked here."},
        {{"show", "pin", "unpin"},
         {"-d", "--dbname", "--database", "--db"},
         "latest is the newest dump of the database that DATABASE_URL or --url names. Any other "
         "dump is called by its name: dbbackup list"},
        {{"dump", "restore", "guard", ""},
         {"-d", "--dbname", "--database", "--db", "-D"},
         k_connection},
        {{"list", "status", "prune", "verify"},
         {"-d", "--dbname", "--db"},
         "A database is chosen by --database NAME."},
        {{},
         {"-h", "--host", "--hostname", "-U", "-u", "--user", "--username", "-p", "--port"},
         k_connection},
        {{}, {"-W", "-w", "--password", "--no-password", "--pass", "-P"}, k_password},
        {{},
         {"-o", "--output", "--output-dir", "--out-dir", "--directory", "--path", "--dest"},
         "The directory of the dumps is named by --dir."},
        {{},
         {"--uri", "--dsn", "--connection", "--connection-string", "--database-url", "--conn"},
         "The database is named by --url, or better by DATABASE_URL, which ps does not show."},
        {{},
         {"--color", "--colour", "--no-color", "--no-colour"},
         "Colours go to a terminal alone, and to none if NO_COLOR is set."},
        {{}, {"--debug", "--trace"}, "To be told more: --verbose."},
        {{}, {"-s", "--silent"}, "To be told less: --quiet."},
        {{}, {"-n", "--simulate", "--what-if"}, "restore and prune have --dry-run."},
        {{}, {"--latest", "--last"}, "The newest dump is called latest, without dashes."},
    };
    return k_habits;
}

/// `advice` with what stands in braces, an example, replaced by `number` if there is one.
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
