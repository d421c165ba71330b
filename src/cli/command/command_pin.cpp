#include "cli/command/commands.hpp"
#include "cli/command/dump_choice_flags.hpp"
#include "cli/command/remote_flags.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/run_record/note_results.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/ops/pin.hpp>

#include <fmt/format.h>
#include <memory>

namespace dbbackup::cli {

namespace {

std::string to_text(const ops::PinReport& report) {
    return fmt::format("{}: {}{}\n", base::printable(report.path),
                       report.pinned ? "pinned" : "not pinned",
                       report.change == store::Change::none ? " (unchanged)" : "");
}

struct PinFlags {
    std::string dump;
    DumpChoiceFlags choice;
    FromFlag from;
};

int run_pin(const PinFlags& flags, store::Pinned pinned, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    const ops::PinRequest request{.directory = settings.directory(),
                                  .dump = flags.dump,
                                  .latest = flags.choice.to_choice({flags.dump}, settings),
                                  .pinned = pinned,
                                  .command_line = invocation.command_line};
    const auto remote = flags.from.remote(settings);
    const ops::PinReport report = remote ? ops::pin_copy(request, *remote, invocation.context)
                                         : ops::pin(request, invocation.context);
    note(invocation.record, report);
    invocation.console.log_result(result_line(report));
    invocation.console.print_final_result(settings.json() ? to_json(report) : to_text(report));
    return k_exit_done;
}

Command add_command(CLI::App& root, const char* name, const char* description,
                    store::Pinned pinned) {
    auto flags = std::make_shared<PinFlags>();
    CLI::App* app = root.add_subcommand(name, description);
    app->add_option("dump", flags->dump, k_dump_text)->type_name("DUMP")->required();
    flags->choice.add_to(*app);
    flags->from.add_to(*app, "A copy at a remote of the configuration");
    return {.app = app, .run = [flags, pinned](const Invocation& invocation) {
                return run_pin(*flags, pinned, invocation);
            }};
}

} // namespace

Command add_pin_command(CLI::App& root) {
    return add_command(root, "pin", "Pin a dump, so that prune never deletes it",
                       store::Pinned::yes);
}

Command add_unpin_command(CLI::App& root) {
    return add_command(root, "unpin", "Unpin a dump, so that the rules apply to it again",
                       store::Pinned::no);
}

} // namespace dbbackup::cli
