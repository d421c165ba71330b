#include "cli/command/commands.hpp"
#include "cli/command/remote_flags.hpp"
#include "cli/command/retention_flags.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/prune_text.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/run_record/note_results.hpp"
#include "cli/several/several.hpp"

#include <dbbackup/ops/copies.hpp>
#include <dbbackup/ops/prune.hpp>

#include <memory>

namespace dbbackup::cli {

namespace {

struct PruneFlags {
    RetentionFlags retention;
    std::optional<std::string> database;
    bool dry_run = false;
    bool accept_loss = false;
    FromFlag from;
    SeveralFlags several;
};

int run_prune(const PruneFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    if (flags.database) {
        require_no_url(*flags.database, "--database");
    }
    const bool only_accepts = flags.accept_loss && !flags.retention.any();
    const ops::PruneRequest request{
        .directory = settings.directory(),
        .policy = only_accepts ? store::RetentionPolicy{} : flags.retention.policy(),
        .database = flags.database ? flags.database : settings.name_of_named_database(),
        .named = settings.named_database(),
        .series = {},
        .dry_run = flags.dry_run ? ops::DryRun::yes : ops::DryRun::no,
        .accept_loss = flags.accept_loss ? ops::AcceptLoss::yes : ops::AcceptLoss::no,
        .loss_limits = flags.retention.losses,
        .command_line = invocation.command_line};
    const auto remote = flags.from.remote(settings);
    const ops::PruneReport report = remote ? ops::prune_copies(request, *remote, invocation.context)
                                           : ops::prune(request, invocation.context);
    note(invocation.record, report);
    log_removed(report, invocation.console);
    invocation.console.log_result(result_line(report));
    const std::string text =
        settings.json() ? to_json(report) : to_text(report, invocation.console.result_screen());
    if (report.dry_run) {
        invocation.console.print_result(text);
    } else {
        invocation.console.print_final_result(text);
    }
    return k_exit_done;
}

} // namespace

Command add_prune_command(CLI::App& root) {
    auto flags = std::make_shared<PruneFlags>();
    CLI::App* app = root.add_subcommand("prune", "Delete dumps that no rule keeps");
    app->alias("forget");
    flags->retention.add_to(*app, "Rules");
    app->add_option("--database", flags->database, "Only dumps of databases of this name")
        ->type_name("NAME");
    app->add_flag("--dry-run", flags->dry_run, "Show what would be deleted, and stop");
    app->add_flag("--accept-loss", flags->accept_loss,
                  "What changed in a database is right: no longer hold its dumps back")
        ->configurable(false);
    flags->from.add_to(*app, "Prune the copies at a remote of the configuration");
    flags->several.add_to(*app,
                          "Prune the dumps of every section [database.NAME] of the configuration");
    return {.app = app, .run = [flags](const Invocation& invocation) {
                return flags->several.all ? run_several(flags->several, invocation)
                                          : run_prune(*flags, invocation);
            }};
}

} // namespace dbbackup::cli
