#include "cli/commands.hpp"
#include "cli/dump_flags.hpp"
#include "cli/exit_code.hpp"
#include "cli/restore_command.hpp"
#include "cli/restore_text.hpp"
#include "cli/result_lines.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/guard.hpp>

#include <fmt/format.h>
#include <memory>

namespace dbbackup::cli {

namespace {

int run_guard(const DumpFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    if (settings.json()) {
        throw base::Error{base::ErrorKind::usage, "guard has no JSON output",
                          "stdout is the command's own. For a report, take the dump with dbbackup "
                          "dump --json."};
    }
    const ops::GuardRequest request{.dump = flags.to_request(settings, {}),
                                    .command = invocation.after_dashes};
    const ops::GuardReport report = ops::guard(request, invocation.console, base::system_clock());
    invocation.console.log_result(result_line(report));
    if (report.command.success()) {
        return k_exit_done;
    }
    const store::Manifest::Database& database = report.dump.manifest.database;
    const auto way_back = complete_restore_command(
        report.restore_command, full_name_of(database.host, database.port, database.name),
        request.dump.connection, settings);
    // Even with --quiet: whoever needs it now has nothing else to go by.
    invocation.console.print_message(
        fmt::format("dbbackup: the command ended with {}\nto bring the state before it back: {}\n",
                    report.command.describe(), shell_words(way_back)));
    return report.command.signal_number != 0 ? k_exit_signal_base + report.command.signal_number
                                             : report.command.exit_code;
}

} // namespace

Command add_guard_command(CLI::App& root) {
    auto flags = std::make_shared<DumpFlags>();
    CLI::App* app = root.add_subcommand(
        "guard", "Take a dump, verify it, and run a command; tell the way back where it fails");
    app->footer("As in: dbbackup guard -- COMMAND [ARGUMENT...]. Its exit code is passed on.");
    flags->add_to(*app);
    // Not for guard, which says why; so nobody is offered them.
    for (const char* name : {"--schema-only", "--data-only", "--exclude-table-data", "--no-owner",
                             "--no-privileges"}) {
        app->get_option(name)->group("");
    }
    return {.app = app,
            .run = [flags](const Invocation& invocation) { return run_guard(*flags, invocation); },
            .after_dashes = AfterDashes::command};
}

} // namespace dbbackup::cli
