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
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/ops/status.hpp>
#include <dbbackup/pg/database_address.hpp>

#include <algorithm>
#include <fmt/format.h>
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

ops::StatusLimits limits_of(const StatusFlags& flags) {
    return {.max_age = parse_age("--max-age", flags.max_age),
            .max_proof_age = parse("--max-proof-age", flags.max_proof_age),
            .max_verify_age = parse("--max-verify-age", flags.max_verify_age),
            .max_key_age = parse("--max-key-age", flags.max_key_age),
            .max_shrink = flags.max_shrink,
            .max_row_loss = flags.max_row_loss,
            .partial_dumps = flags.accept_partial ? store::PartialDumps::accepted
                                                  : store::PartialDumps::ignored};
}

/// The limits of a database: of the command line, then of its section, then those of all.
ops::StatusLimits limits_of(const DatabaseSection& section, StatusFlags flags,
                            const Settings& settings) {
    CLI::App app;
    flags.databases.clear();
    add_flags(app, flags);
    std::vector<std::string> words;
    for (const auto& [key, values] : section.settings) {
        const CLI::Option* option = app.get_option_no_throw("--" + key);
        if (option != nullptr && values.size() == 1 && !settings.is_typed(key)) {
            words.push_back("--" + key + "=" + values.front());
        }
    }
    try {
        app.parse(words);
    } catch (const CLI::ParseError& error) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("the configuration's section {}: {}", section.text(),
                                      base::printable(error.what())),
                          "See: dbbackup status --help"};
    }
    return limits_of(flags);
}

/// The sections that --database names or, without it, all.
std::vector<const DatabaseSection*> sections_of(const StatusFlags& flags,
                                                const Settings& settings) {
    if (settings.section() != nullptr) {
        return {settings.section()};
    }
    if (flags.databases.empty()) {
        return settings.databases().all();
    }
    std::vector<const DatabaseSection*> named;
    for (const std::string& name : flags.databases) {
        if (const DatabaseSection* section = settings.databases().find(name)) {
            named.push_back(section);
        }
    }
    return named;
}

ops::ExpectedDatabase expect(const DatabaseSection& section, const std::string& url,
                             const StatusFlags& flags, const Invocation& invocation) {
    const pg::Connection connection = pg::parse_connection_url(url);
    std::vector<std::string> dump{"dump"};
    if (invocation.settings.section() == nullptr) {
        dump.insert(dump.end(), {"--database", section.name});
    }
    return {.database = named_database_at(section.name, url),
            .own_name = connection.database,
            .address = pg::address_of(connection).text(),
            .limits = limits_of(section, flags, invocation.settings),
            .dump_command = invocation.command_line.another(dump)};
}

/// Without its URL, nobody knows which dumps are of it: then it cannot be healthy.
ops::StatusWarning unknown_database(const DatabaseSection& section, const base::Error& error) {
    return {.kind = ops::WarningKind::no_dumps,
            .gravity = ops::Gravity::unhealthy,
            .message = fmt::format("it is unknown which dumps are of {}: {}", section.text(),
                                   error.what()),
            .hint = error.hint()};
}

ops::StatusRequest to_request(const StatusFlags& flags, const Invocation& invocation,
                              std::vector<ops::StatusWarning>& warnings) {
    const Settings& settings = invocation.settings;
    if (flags.prometheus && settings.json()) {
        throw base::Error{base::ErrorKind::usage, "--prometheus cannot be combined with --json",
                          "Choose one of them. Perhaps the configuration file has json = true."};
    }
    for (const std::string& database : flags.databases) {
        require_no_url(database, "a database");
    }
    ops::StatusRequest request{.directory = settings.directory(),
                               .databases = flags.databases,
                               .limits = limits_of(flags),
                               .command_line = invocation.command_line};
    std::erase_if(request.databases, [&](const std::string& name) {
        return settings.databases().find(name) != nullptr;
    });
    request.only_expected = settings.section() != nullptr || !flags.databases.empty();
    for (const DatabaseSection* section : sections_of(flags, settings)) {
        try {
            const auto url = settings.find_url_of(*section);
            if (!url) {
                throw Settings::missing_url_of(*section);
            }
            request.expected.push_back(expect(*section, url->url, flags, invocation));
        } catch (const base::Error& error) {
            if (settings.section() != nullptr) {
                throw;
            }
            warnings.push_back(unknown_database(*section, error));
        }
    }
    return request;
}

ops::StatusReport judge(const StatusFlags& flags, const Invocation& invocation) {
    std::vector<ops::StatusWarning> warnings;
    const ops::StatusRequest request = to_request(flags, invocation, warnings);
    const auto remote = flags.from.remote(invocation.settings);
    ops::StatusReport report = remote ? ops::judge_copies(request, *remote, invocation.context)
                                      : ops::status(request, invocation.context.clock);
    if (!remote) {
        ops::judge_remotes(report, request, all_remotes(invocation.settings), invocation.context);
        ops::judge_timers(
            report, ops::survey_timers({}, invocation.context.environment, directory_of_instance));
    }
    report.warnings.insert(report.warnings.end(), warnings.begin(), warnings.end());
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
