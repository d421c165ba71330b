#include "cli/command/commands.hpp"
#include "cli/command/dump_choice_flags.hpp"
#include "cli/command/duration_flags.hpp"
#include "cli/command/target_confirmation.hpp"
#include "cli/command_line/restore_command.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/import_text.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/settings/directory_name.hpp"
#include "cli/settings/import_map.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/import.hpp>
#include <dbbackup/sys/foreground_program.hpp>
#include <dbbackup/sys/unnamed_file.hpp>

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <unistd.h>

namespace dbbackup::cli {

namespace {

struct ImportFlags {
    std::string source = "latest";
    DumpChoiceFlags choice;
    std::string mode;
    std::vector<std::string> tables;
    std::vector<std::string> maps;
    std::vector<std::string> keys;
    std::vector<std::string> newer_by;
    std::string prefer;
    bool trust_ids = false;
    bool keep_ids = false;
    std::string triggers;
    bool skip_conflicts = false;
    bool dry_run = false;
    bool no_safety_dump = false;
    std::optional<std::string> safety_dir;
    std::string lock_timeout = "30s";
    std::optional<std::string> confirm;
    std::optional<std::string> undo;
};

void add_flags(CLI::App& app, ImportFlags& flags) {
    app.add_option("SOURCE", flags.source,
                   "A dump, as restore takes it, or the file of an export (default: latest)");
    flags.choice.add_to(app);
    app.add_option("--mode", flags.mode,
                   "add: insert what is missing; merge: also update what is older; replace: delete "
                   "all rows of these tables first")
        ->check(CLI::IsMember({"add", "merge", "replace"}).description(""))
        ->type_name("add|merge|replace");
    app.add_option("-t,--table", flags.tables, "Import only these tables (repeatable)")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
    app.add_flag("--dry-run", flags.dry_run, "Do everything, then roll it back");
    app.add_option("--map", flags.maps,
                   "What has another name or value now (TOML; repeatable: one for each schema "
                   "version)")
        ->type_name("FILE")
        ->allow_extra_args(false);
    app.add_option("--key", flags.keys,
                   "The columns that identify a row (default: the primary key)")
        ->type_name("TABLE=COL,...")
        ->allow_extra_args(false);
    app.add_option("--newer-by", flags.newer_by,
                   "With merge: the column that tells which row is newer")
        ->type_name("[TABLE=]COL")
        ->allow_extra_args(false);
    app.add_option("--prefer", flags.prefer, "With merge: every row of the source is newer")
        ->check(CLI::IsMember({"source"}).description(""))
        ->type_name("source");
    app.add_flag("--trust-ids", flags.trust_ids,
                 "Numbers that the database gives (serial, identity) mean the same in both");
    app.add_flag("--keep-ids", flags.keep_ids, "New rows keep their numbers of the source");
    app.add_option("--triggers", flags.triggers, "What triggers do with the rows that are written")
        ->check(CLI::IsMember({"fire", "skip"}).description(""))
        ->type_name("fire|skip");
    app.add_flag("--skip-conflicts", flags.skip_conflicts,
                 "Import all rows that have no conflict, and list the others");
    app.add_option("--confirm", flags.confirm,
                   "Name of the target database, or HOST:PORT/NAME: merge and replace without "
                   "asking")
        ->type_name("NAME");
    app.add_flag("--no-safety-dump", flags.no_safety_dump, "Do not take a safety dump");
    app.add_option("--safety-dir", flags.safety_dir,
                   "Directory for the safety dump (default: the dump directory)")
        ->type_name("DIR");
    app.add_option("--lock-timeout", flags.lock_timeout,
                   "How long to wait for other sessions (10s, 5m)")
        ->type_name("DURATION")
        ->capture_default_str();
    app.add_option("--undo", flags.undo,
                   "Delete the rows that an import inserted and nobody changed since")
        ->type_name("FILE");
    for (CLI::Option* option : app.get_options()) {
        const std::string name = option->get_name();
        // What is for a single run.
        if (option->get_configurable() && name != "--safety-dir" && name != "--lock-timeout" &&
            name != "--help") {
            option->configurable(false);
        }
    }
}

base::Error usage(const std::string& what, const std::string& hint) {
    return {base::ErrorKind::usage, what, hint};
}

/// "TABLE=COL,COL"
void add_key(const std::string& text, std::map<std::string, std::vector<std::string>>& keys) {
    const std::size_t equals = text.find('=');
    std::vector<std::string> columns;
    if (equals != std::string::npos) {
        std::string rest = text.substr(equals + 1);
        for (std::size_t comma = 0; comma != std::string::npos;) {
            comma = rest.find(',');
            columns.push_back(rest.substr(0, comma));
            rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
        }
    }
    if (equals == std::string::npos || equals == 0 || std::ranges::count(columns, "") > 0) {
        throw usage(fmt::format("--key: '{}' is not TABLE=COLUMN,…", base::printable(text)),
                    "For example: --key orders=number, or --key watched=person_id,film_id.");
    }
    if (!keys.emplace(text.substr(0, equals), columns).second) {
        throw usage(fmt::format("--key names {} twice", base::printable(text.substr(0, equals))),
                    "Separate the columns by commas: --key TABLE=COLUMN,COLUMN.");
    }
}

void require_possible(const ImportFlags& flags) {
    if (flags.mode.empty()) {
        throw usage("import needs --mode",
                    "add inserts the rows that are missing and changes no other; merge also "
                    "updates rows that are older; replace deletes all rows of these tables first. "
                    "To only look: add --dry-run.");
    }
    const bool is_merge = flags.mode == "merge";
    if (!is_merge && (!flags.newer_by.empty() || !flags.prefer.empty())) {
        throw usage(
            fmt::format("{} is for --mode merge", flags.prefer.empty() ? "--newer-by" : "--prefer"),
            "The other modes update no rows.");
    }
    if (is_merge && flags.newer_by.empty() && flags.prefer.empty()) {
        throw usage("--mode merge must know which row is newer",
                    "Name the column of the last change: --newer-by updated_at. Or let the source "
                    "win: --prefer source.");
    }
    if (flags.mode == "replace" && flags.keep_ids) {
        throw usage("--keep-ids is for --mode add and merge",
                    "replace keeps the numbers of the source anyway.");
    }
}

pg::PlacingOptions placing_options(const ImportFlags& flags) {
    pg::PlacingOptions options;
    options.mode = flags.mode == "merge"     ? pg::PlacingMode::merge
                   : flags.mode == "replace" ? pg::PlacingMode::replace
                                             : pg::PlacingMode::add;
    options.tables = flags.tables;
    for (const std::string& key : flags.keys) {
        add_key(key, options.keys);
    }
    for (const std::string& newer : flags.newer_by) {
        const std::size_t equals = newer.find('=');
        const bool is_general = equals == std::string::npos;
        options.newer_by[is_general ? "" : newer.substr(0, equals)] =
            is_general ? newer : newer.substr(equals + 1);
    }
    options.prefer_source = !flags.prefer.empty();
    options.trusts_numbers = flags.trust_ids;
    options.keeps_numbers = flags.keep_ids;
    options.triggers = flags.triggers == "fire"   ? pg::PlacingTriggers::fire
                       : flags.triggers == "skip" ? pg::PlacingTriggers::skip
                                                  : pg::PlacingTriggers::refuse;
    return options;
}

ops::ImportRequest to_request(const ImportFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    for (const std::string& table : flags.tables) {
        require_no_url(table, "a table");
    }
    require_no_url(flags.source, "a dump or an export");
    require_possible(flags);
    ops::ImportRequest request{
        .connection = pg::parse_connection_url(settings.require_clear_url()),
        .directory = settings.directory(),
        .source = flags.source,
        .latest = flags.choice.to_choice({flags.source}, settings),
        .placing = placing_options(flags),
        .is_dry_run = flags.dry_run,
        .skips_conflicts = flags.skip_conflicts,
        .safety_dump = flags.no_safety_dump ? ops::SafetyDump::skip : ops::SafetyDump::take,
        .lock_timeout = parse_lock_timeout("--lock-timeout", flags.lock_timeout, ""),
        .command_line = invocation.command_line};
    request.safety_directory = safety_directory_named(flags.safety_dir);
    for (const std::string& map : flags.maps) {
        request.maps.push_back(read_import_map(map));
    }
    return request;
}

/// Shows the plan, and asks if rows can be lost.
class ImportApproval : public ops::ImportApprover {
public:
    ImportApproval(const Invocation& invocation, const ImportFlags& flags, bool is_dry_run,
                   const std::string& database)
        : invocation_(invocation), flags_(flags), is_dry_run_(is_dry_run),
          confirmation_(invocation, database, flags.confirm) {
        confirmation_.require_right_name();
    }

    void require_approval(const ops::ImportPlan& plan) override {
        confirmation_.require_server(plan.host, plan.port);
        Console& console = invocation_.console;
        if (confirmation_.at_terminal() || !invocation_.settings.quiet()) {
            console.print_message(to_text(plan, console.message_screen()));
        }
        if (is_dry_run_ || !plan.asks()) {
            return;
        }
        const base::CommandLine& line = invocation_.command_line;
        confirmation_.require_somebody(
            fmt::format("rows of database '{}' would change", base::printable(plan.database)),
            fmt::format("To see what would happen: {}. To import without being asked: {}",
                        line.again({flags_.source, "--dry-run"}),
                        line.again({flags_.source, "--confirm", plan.database})));
        confirmation_.ask("Importing");
    }

private:
    const Invocation& invocation_;
    const ImportFlags& flags_;
    bool is_dry_run_;
    TargetConfirmation confirmation_;
};

/// The command that undoes the import, complete.
std::vector<std::string> complete_undo(const ops::ImportReport& report,
                                       const ops::ImportRequest& request,
                                       const Settings& settings) {
    if (report.undo_command.empty()) {
        return {};
    }
    if (report.undo_command.front() == "restore") {
        return complete_restore_command(
            report.undo_command,
            full_name_of(report.plan.host, report.plan.port, report.plan.database),
            request.connection, settings);
    }
    std::vector<std::string> words = report.undo_command;
    words.insert(words.begin(), "dbbackup");
    const bool has_secrets =
        !request.connection.secrets.empty() || !request.connection.dropped.empty();
    const auto repeated = settings.repeated_words(has_secrets);
    words.insert(words.end(), repeated.begin(), repeated.end());
    return words;
}

/// The import is done: whatever happens here is only a warning.
void run_command(const std::vector<std::string>& command, const std::string& report,
                 const Invocation& invocation) {
    try {
        const sys::Fd file = sys::make_unnamed_file();
        sys::write_all(file.get(), base::as_bytes(report), "the report for the command",
                       "set TMPDIR to another directory");
        if (::lseek(file.get(), 0, SEEK_SET) != 0 || ::dup2(file.get(), STDIN_FILENO) < 0) {
            throw base::system_error("pass the report to the command", errno);
        }
        const sys::ExitStatus status = sys::run_in_foreground(
            *sys::find_program(command.front()), command, invocation.context.environment);
        if (!status.success()) {
            invocation.context.listener.on_warning(fmt::format(
                "the rows are imported, but the command ended with {}", status.describe()));
        }
    } catch (const base::Error& error) {
        invocation.context.listener.on_warning(
            fmt::format("the rows are imported, but the command did not run: {}", error.what()));
    }
}

void require_program(const std::vector<std::string>& command) {
    if (!command.empty() && !sys::find_program(command.front())) {
        throw usage(
            fmt::format("there is no program '{}' to run", base::printable(command.front())),
            "Nothing was changed. Write the command as a shell would find it; for more "
            "than one program: sh -c '…'.");
    }
}

/// Why nothing was imported, although all could be read.
std::optional<base::Error> find_error(const ops::ImportReport& report, const ImportFlags& flags,
                                      const Invocation& invocation) {
    const std::uint64_t conflicts = report.total().conflicts;
    if (conflicts == 0 || flags.skip_conflicts) {
        return std::nullopt;
    }
    return base::Error{
        base::ErrorKind::refused,
        fmt::format("{} row{} cannot be imported, so nothing was changed", conflicts,
                    conflicts == 1 ? "" : "s"),
        fmt::format("Correct them, say in a map what they become (--map), or leave them out: {}",
                    invocation.command_line.again({flags.source, "--skip-conflicts"}))};
}

int run_import(const ImportFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    const ops::ImportRequest request = to_request(flags, invocation);
    require_program(invocation.after_dashes);
    ImportApproval approval{invocation, flags, request.is_dry_run, request.connection.database};
    ops::ImportReport report = ops::import_rows(request, approval, invocation.context);
    invocation.console.log_result(result_line(report));
    report.undo_command = complete_undo(report, request, settings);
    const auto error = find_error(report, flags, invocation);
    const std::string text = settings.json()
                                 ? to_json(report, error)
                                 : to_text(report, base::shell_words(report.undo_command),
                                           invocation.console.result_screen());
    if (error) {
        invocation.console.print_result(text);
        if (!settings.json()) {
            throw base::Error{*error};
        }
        return exit_code(error->kind());
    }
    if (report.is_committed) {
        invocation.console.print_final_result(text);
        if (!invocation.after_dashes.empty()) {
            run_command(invocation.after_dashes, to_json(report, std::nullopt), invocation);
        }
    } else {
        invocation.console.print_result(text);
    }
    return k_exit_done;
}

int run_undo(const ImportFlags& flags, const Invocation& invocation) {
    if (!flags.mode.empty() || flags.source != "latest") {
        throw usage("--undo takes no source and no --mode", "Name only the file: --undo FILE.");
    }
    const Settings& settings = invocation.settings;
    const ops::ImportUndoReport report = ops::undo_import(
        {.connection = pg::parse_connection_url(settings.require_clear_url()),
         .file = *flags.undo,
         .triggers = placing_options(flags).triggers,
         .is_dry_run = flags.dry_run,
         .lock_timeout = parse_lock_timeout("--lock-timeout", flags.lock_timeout, ""),
         .command_line = invocation.command_line},
        invocation.context);
    invocation.console.log_result(result_line(report));
    invocation.console.print_result(
        settings.json() ? to_json(report) : to_text(report, invocation.console.result_screen()));
    return k_exit_done;
}

} // namespace

Command add_import_command(CLI::App& root) {
    auto flags = std::make_shared<ImportFlags>();
    CLI::App* app = root.add_subcommand(
        "import", "Bring rows of a dump or an export back into the tables of today");
    add_flags(*app, *flags);
    return {.app = app,
            .run =
                [flags](const Invocation& invocation) {
                    return flags->undo ? run_undo(*flags, invocation)
                                       : run_import(*flags, invocation);
                },
            .after_dashes = AfterDashes::optional_command};
}

} // namespace dbbackup::cli
