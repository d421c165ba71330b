#include "cli/command/commands.hpp"
#include "cli/command/dump_flags.hpp"
#include "cli/command/server_dump_flags.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/prune_text.hpp"
#include "cli/report/push_text.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/run_record/note_results.hpp"
#include "cli/several/several.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/dump.hpp>

#include <chrono>
#include <fmt/format.h>
#include <memory>

namespace dbbackup::cli {

namespace {

std::string to_text(const ops::DumpReport& report, const Screen& screen) {
    const store::Manifest& manifest = report.manifest;
    const double ratio = manifest.file.size == 0
                             ? 0.0
                             : static_cast<double>(manifest.file.uncompressed_size) /
                                   static_cast<double>(manifest.file.size);
    const std::size_t tables = manifest.contents.tables.size();
    return fmt::format(
               "{}\n{} ({:.1f}:1), {} rows in {} {}, {}\n", base::printable(report.path),
               base::format_byte_size(manifest.file.size), ratio,
               base::with_thousands(manifest.contents.total_rows()), base::with_thousands(tables),
               tables == 1 ? "table" : "tables",
               base::format_duration(std::chrono::milliseconds{manifest.dump.duration_ms})) +
           to_text(report.copies, screen) + (report.prune ? summary(*report.prune) : std::string{});
}

int run_dump(const DumpFlags& flags, const Invocation& invocation) {
    flags.warn_of_folded_names(invocation.console);
    ops::DumpRequest request = flags.to_request(invocation.settings, invocation.after_dashes);
    request.command_line = invocation.command_line;
    if (flags.names_identity() && request.recipients.empty()) {
        invocation.console.on_warning(
            "the dump is not sealed: --identity only reads a sealed dump back. To seal it, give "
            "the public key of a recipient with --encrypt");
    }
    note_target(invocation.record, request.connection);
    const ops::DumpReport report = ops::dump(request, invocation.context);
    note(invocation.record, report);
    if (report.prune) {
        log_removed(*report.prune, invocation.console);
    }
    invocation.console.log_result(result_line(report));
    const Settings& settings = invocation.settings;
    invocation.console.print_final_result(
        settings.json()    ? to_json(report)
        : settings.quiet() ? base::printable(report.path) + "\n"
                           : to_text(report, invocation.console.result_screen()));
    const auto error = report.find_copy_error();
    if (error && !settings.json()) {
        throw base::Error{*error};
    }
    if (error) {
        note_failure(invocation.record, *error);
    }
    return error ? exit_code(error->kind()) : k_exit_done;
}

} // namespace

Command add_dump_command(CLI::App& root) {
    auto flags = std::make_shared<DumpFlags>();
    auto several = std::make_shared<SeveralFlags>();
    auto server = std::make_shared<ServerDumpFlags>();
    CLI::App* app = root.add_subcommand("dump", "Take a dump of the database");
    app->alias("backup");
    app->footer("Everything after -- is passed to pg_dump.");
    flags->add_to(*app);
    several->add_to(*app,
                    "Dump the database of every section [database.NAME] of the configuration");
    server->add_to(*app);
    return {.app = app,
            .run =
                [flags, several, server](const Invocation& invocation) {
                    if (server->any()) {
                        return run_server_dump(*server, *flags, *several, invocation);
                    }
                    return several->all ? run_several(*several, invocation)
                                        : run_dump(*flags, invocation);
                },
            .after_dashes = AfterDashes::pg_dump_options};
}

} // namespace dbbackup::cli
