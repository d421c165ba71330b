#include "cli/command/commands.hpp"
#include "cli/command/dump_choice_flags.hpp"
#include "cli/command/remote_flags.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/push_text.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/run_record/note_results.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/push.hpp>

#include <memory>

namespace dbbackup::cli {

namespace {

struct PushFlags {
    std::vector<std::string> dumps;
    DumpChoiceFlags choice;
    ToFlag to;
    bool missing = false;
};

int run_push(const PushFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    const std::vector<std::string> latest{"latest"};
    const ops::PushReport report = ops::push(
        {.directory = settings.directory(),
         .dumps = flags.dumps,
         .latest = flags.choice.to_choice(flags.dumps.empty() ? latest : flags.dumps, settings),
         .choice = flags.missing ? ops::PushChoice::missing : ops::PushChoice::named,
         .remotes = flags.to.required_remotes(settings),
         .command_line = invocation.command_line},
        invocation.context);
    const auto error = report.find_error();
    note(invocation.record, report);
    if (error) {
        note_failure(invocation.record, *error);
    }
    for (const ops::CopyResult& copy : report.copies) {
        invocation.console.log_result(result_line(copy),
                                      copy.is_good() ? Outcome::good : Outcome::bad);
    }
    if (settings.json()) {
        invocation.console.print_result(to_json(report));
        return error ? exit_code(error->kind()) : k_exit_done;
    }
    invocation.console.print_result(
        report.copies.empty() ? "Nothing to copy: all sound dumps are there.\n"
                              : to_text(report.copies, invocation.console.result_screen()));
    if (error) {
        throw base::Error{*error};
    }
    return k_exit_done;
}

} // namespace

Command add_push_command(CLI::App& root) {
    auto flags = std::make_shared<PushFlags>();
    CLI::App* app =
        root.add_subcommand("push", "Copy dumps to another place, and check them there");
    auto* dumps = app->add_option("DUMP", flags->dumps,
                                  "Paths, names, labels, or latest (the default) or latest~N");
    flags->choice.add_to(*app);
    app->add_flag("--missing", flags->missing, "Copy all sound dumps that are not there yet")
        ->excludes(dumps)
        ->excludes("--before")
        ->configurable(false);
    flags->to.add_to(*app, "Where to: a remote of the configuration (repeatable)");
    return {.app = app,
            .run = [flags](const Invocation& invocation) { return run_push(*flags, invocation); }};
}

} // namespace dbbackup::cli
