#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/report_json.hpp"
#include "cli/result_lines.hpp"
#include "cli/secret_words.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/pin.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <fmt/format.h>
#include <memory>

namespace dbbackup::cli {

namespace {

std::string to_text(const ops::PinReport& report) {
    return fmt::format("{}: {}{}\n", base::printable(report.path),
                       report.pinned ? "pinned" : "not pinned",
                       report.change == store::Change::none ? " (as it was)" : "");
}

int run_pin(const std::string& dump, store::Pinned pinned, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    require_no_url(dump, "a dump");
    ops::PinRequest request{.directory = settings.directory(),
                            .dump = dump,
                            .database = std::nullopt,
                            .pinned = pinned};
    if (dump == "latest" && settings.url()) {
        request.database = pg::parse_connection_url(*settings.url()).database;
    }
    const ops::PinReport report = ops::pin(request, invocation.console, base::system_clock());
    invocation.console.log_result(result_line(report));
    invocation.console.print_result_of_deed(settings.json() ? to_json(report) : to_text(report));
    return k_exit_done;
}

Command add_command(CLI::App& root, const char* name, const char* description,
                    store::Pinned pinned) {
    auto dump = std::make_shared<std::string>();
    CLI::App* app = root.add_subcommand(name, description);
    app->add_option("dump", *dump,
                    "A path, a name in the dump directory or the beginning of one, or latest")
        ->type_name("DUMP")
        ->required();
    return {.app = app, .run = [dump, pinned](const Invocation& invocation) {
                return run_pin(*dump, pinned, invocation);
            }};
}

} // namespace

Command add_pin_command(CLI::App& root) {
    return add_command(root, "pin", "Keep a dump, whatever the rules of prune say",
                       store::Pinned::yes);
}

Command add_unpin_command(CLI::App& root) {
    return add_command(root, "unpin", "Leave a dump to the rules of prune again",
                       store::Pinned::no);
}

} // namespace dbbackup::cli
