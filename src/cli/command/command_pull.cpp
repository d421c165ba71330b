#include "cli/command/commands.hpp"
#include "cli/command/dump_choice_flags.hpp"
#include "cli/command/remote_flags.hpp"
#include "cli/command/seal_flags.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/push_text.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/run_record/note_results.hpp"

#include <dbbackup/ops/copies.hpp>

#include <memory>

namespace dbbackup::cli {

namespace {

struct PullFlags {
    std::string dump = "latest";
    DumpChoiceFlags choice;
    FromFlag from;
};

int run_pull(const PullFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    const ops::PullReport report =
        ops::pull({.dump = flags.dump,
                   .latest = flags.choice.to_choice({flags.dump}, settings),
                   .command_line = invocation.command_line},
                  settings.directory(), flags.from.required_remote(settings), invocation.context);
    note(invocation.record, report);
    invocation.console.log_result(result_line(report));
    invocation.console.print_final_result(settings.json() ? to_json(report) : to_text(report));
    return k_exit_done;
}

} // namespace

Command add_pull_command(CLI::App& root) {
    auto flags = std::make_shared<PullFlags>();
    CLI::App* app =
        root.add_subcommand("pull", "Fetch a copy into the dump directory, and verify it");
    app->add_option("DUMP", flags->dump, k_dump_text)->type_name("DUMP")->capture_default_str();
    add_identity_flag(*app);
    flags->choice.add_to(*app);
    flags->from.add_to(*app, "Where from: a remote of the configuration");
    return {.app = app,
            .run = [flags](const Invocation& invocation) { return run_pull(*flags, invocation); }};
}

} // namespace dbbackup::cli
