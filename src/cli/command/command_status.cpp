#include "cli/command/commands.hpp"
#include "cli/command/duration_flags.hpp"
#include "cli/command/remote_flags.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/report/status_metrics.hpp"
#include "cli/report/status_text.hpp"
#include "cli/settings/instance_settings.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/ops/status.hpp>

#include <memory>

namespace dbbackup::cli {

namespace {

struct StatusFlags {
    std::vector<std::string> databases;
    std::string max_age = "26h";
    std::optional<std::string> max_proof_age;
    std::optional<std::string> max_verify_age;
    std::optional<std::string> max_key_age;
    unsigned max_shrink = ops::StatusLimits{}.max_shrink;
    unsigned max_row_loss = ops::StatusLimits{}.max_row_loss;
    bool accept_partial = false;
    bool prometheus = false;
    FromFlag from;
};

void add_flags(CLI::App& app, StatusFlags& flags) {
    app.add_option("--database", flags.databases,
                   "Only databases of this name, which must have dumps (repeatable)")
        ->type_name("NAME")
        ->allow_extra_args(false);
    const auto add_duration = [&app](const char* name, auto& value, const char* description) {
        return app.add_option(name, value, description)->type_name("DURATION");
    };
    add_duration("--max-age", flags.max_age, "How old the newest dump may be (26h, 8d)")
        ->capture_default_str();
    add_duration("--max-proof-age", flags.max_proof_age,
                 "How long ago the last successful drill may be (100d; see verify --restore)");
    add_duration("--max-verify-age", flags.max_verify_age,
                 "How long ago the last verification may be");
    add_duration("--max-key-age", flags.max_key_age,
                 "How long ago a sealed dump may last have been opened with an identity");
    const auto add_percent = [&app](const char* name, unsigned& value, const char* description) {
        app.add_option(name, value, description)
            ->type_name("PERCENT")
            ->check(CLI::Range(0U, 100U).description(""))
            ->capture_default_str();
    };
    add_percent("--max-shrink", flags.max_shrink,
                "How much smaller the newest dump may be than the one before (percent)");
    add_percent("--max-row-loss", flags.max_row_loss,
                "How many fewer rows the newest dump may have (percent)");
    app.add_flag("--accept-partial", flags.accept_partial,
                 "Count dumps of a part of a database too");
    flags.from.add_to(app, "Judge the copies at a remote of the configuration");
    app.add_flag("--prometheus", flags.prometheus, "Print metrics for Prometheus");
}

std::optional<std::chrono::milliseconds> parse(const char* name,
                                               const std::optional<std::string>& duration) {
    return duration ? std::optional{parse_age(name, *duration)} : std::nullopt;
}

ops::StatusRequest to_request(const StatusFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    if (flags.prometheus && settings.json()) {
        throw base::Error{base::ErrorKind::usage, "--prometheus cannot be combined with --json",
                          "Choose one of them. Perhaps the configuration file has json = true."};
    }
    for (const std::string& database : flags.databases) {
        require_no_url(database, "a database");
    }
    return {.directory = settings.directory(),
            .databases = flags.databases,
            .limits = {.max_age = parse_age("--max-age", flags.max_age),
                       .max_proof_age = parse("--max-proof-age", flags.max_proof_age),
                       .max_verify_age = parse("--max-verify-age", flags.max_verify_age),
                       .max_key_age = parse("--max-key-age", flags.max_key_age),
                       .max_shrink = flags.max_shrink,
                       .max_row_loss = flags.max_row_loss,
                       .partial_dumps = flags.accept_partial ? store::PartialDumps::accepted
                                                             : store::PartialDumps::ignored},
            .command_line = invocation.command_line};
}

ops::StatusReport judge(const StatusFlags& flags, const Invocation& invocation) {
    const ops::StatusRequest request = to_request(flags, invocation);
    if (const auto remote = flags.from.remote(invocation.settings)) {
        return ops::judge_copies(request, *remote, invocation.context);
    }
    ops::StatusReport report = ops::status(request, invocation.context.clock);
    ops::judge_remotes(report, request, invocation.settings.remotes().all(), invocation.context);
    ops::judge_timers(
        report, ops::survey_timers({}, invocation.context.environment, directory_of_instance));
    return report;
}

int run_status(const StatusFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    const ops::StatusReport report = judge(flags, invocation);
    invocation.console.log_result(result_line(report),
                                  report.is_healthy() ? Outcome::good : Outcome::bad);
    if (flags.prometheus || settings.json()) {
        invocation.console.print_result(flags.prometheus ? to_metrics(report) : to_json(report),
                                        Reader::program);
    } else {
        invocation.console.print_result(to_text(report, invocation.console.result_screen()));
    }
    return report.is_healthy() ? k_exit_done : exit_code(base::ErrorKind::failed);
}

} // namespace

Command add_status_command(CLI::App& root) {
    auto flags = std::make_shared<StatusFlags>();
    CLI::App* app =
        root.add_subcommand("status", "Check that each database has a recent, good dump");
    add_flags(*app, *flags);
    return {.app = app, .run = [flags](const Invocation& invocation) {
                return run_status(*flags, invocation);
            }};
}

} // namespace dbbackup::cli
