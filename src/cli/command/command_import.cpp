#include "cli/command/commands.hpp"
#include "cli/command/duration_flags.hpp"
#include "cli/command/import_flags.hpp"
#include "cli/command/target_confirmation.hpp"
#include "cli/command_line/restore_command.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/import_text.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/run_record/note_results.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/import.hpp>
#include <dbbackup/sys/foreground_program.hpp>
#include <dbbackup/sys/unnamed_file.hpp>

#include <cerrno>
#include <fmt/format.h>
#include <memory>
#include <unistd.h>

namespace dbbackup::cli {

namespace {

base::Error usage(const std::string& what, const std::string& hint) {
    return {base::ErrorKind::usage, what, hint};
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

int run_import(const ImportFlags& flags, const Invocation& given) {
    Invocation invocation = given;
    const Settings& settings = invocation.settings;
    ops::ImportRequest request = flags.to_request(invocation);
    require_program(invocation.after_dashes);
    note_target(invocation.record, request.connection);
    const auto copy = fetch(flags.from, request.source, request.latest, invocation);
    request.command_line = invocation.command_line;
    ImportApproval approval{invocation, flags, request.is_dry_run, request.connection.database};
    ops::ImportReport report = ops::import_rows(request, approval, invocation.context);
    invocation.console.log_result(result_line(report));
    report.undo_command = complete_undo(report, request, settings);
    const auto error = find_error(report, flags, invocation);
    note(invocation.record, report);
    if (error) {
        note_failure(invocation.record, *error);
    }
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
    const pg::Connection connection = pg::parse_connection_url(settings.require_clear_url());
    note_target(invocation.record, connection);
    const ops::ImportUndoReport report = ops::undo_import(
        {.connection = connection,
         .file = *flags.undo,
         .triggers = flags.chosen_triggers(),
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
    flags->add_to(*app);
    return {.app = app,
            .run =
                [flags](const Invocation& invocation) {
                    return flags->undo ? run_undo(*flags, invocation)
                                       : run_import(*flags, invocation);
                },
            .after_dashes = AfterDashes::optional_command};
}

} // namespace dbbackup::cli
