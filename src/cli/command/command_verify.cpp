#include "cli/command/commands.hpp"
#include "cli/command/dump_choice_flags.hpp"
#include "cli/command/ownership_flags.hpp"
#include "cli/command/remote_flags.hpp"
#include "cli/command/seal_flags.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/report/verify_text.hpp"
#include "cli/run_record/note_results.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/ops/list.hpp>
#include <dbbackup/ops/verify.hpp>
#include <dbbackup/pg/client_environment.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace dbbackup::cli {

namespace {

constexpr const char* k_latest = "latest";
constexpr const char* k_scratch_variable = "DBBACKUP_SCRATCH_URL";

struct VerifyFlags {
    std::vector<std::string> dumps;
    DumpChoiceFlags choice;
    std::optional<std::string> database;
    std::optional<std::string> label;
    bool all = false;
    bool restore = false;
    std::optional<std::string> scratch_url;
    OwnershipFlags ownership;
    FromFlag from;
    bool listed = false;
};

void add_flags(CLI::App& app, VerifyFlags& flags) {
    auto* dumps = app.add_option("DUMP", flags.dumps,
                                 "Paths, names, labels, or latest (the default) or latest~N");
    flags.choice.add_to(app);
    app.add_flag("--all", flags.all, "Verify every dump in the directory")
        ->excludes(dumps)
        ->excludes("--before");
    // Both conflict with the name of a dump, so they do not belong in the configuration.
    app.add_option("--database", flags.database,
                   "Only dumps of databases of this name, with --all or latest")
        ->type_name("NAME")
        ->configurable(false);
    app.add_option("--label", flags.label, "Only dumps with this label, with --all or latest")
        ->type_name("TEXT")
        ->configurable(false);
    // Not in the configuration, where they would prevent a read-only verification.
    auto* restore = app.add_flag("--restore", flags.restore,
                                 "Restore into a scratch database, dump that again, and compare");
    app.add_option(
           "--scratch-url", flags.scratch_url,
           "Server for the scratch database (or DBBACKUP_SCRATCH_URL; default: a throwaway server)")
        ->type_name("URL")
        ->needs(restore)
        ->configurable(false);
    auto* from = flags.from.add_to(app, "Verify copies at a remote of the configuration");
    app.add_flag("--listed", flags.listed,
                 "With --from: compare only what the remote says, without reading the copies")
        ->needs(from)
        ->excludes(restore)
        ->configurable(false);
    add_identity_flag(app);
    flags.ownership.add_to(app, "With --restore: do not restore owners",
                           "With --restore: do not restore grants");
    for (const char* of_drill : {"--no-owner", "--no-privileges"}) {
        app.get_option(of_drill)->needs(restore)->configurable(false);
    }
}

std::optional<ops::DrillOptions> drill_options(const VerifyFlags& flags, const Settings& settings) {
    if (!flags.restore) {
        return std::nullopt;
    }
    const auto url =
        flags.scratch_url ? flags.scratch_url : settings.find_variable(k_scratch_variable);
    return ops::DrillOptions{.scratch_server =
                                 url ? std::optional{pg::parse_connection_url(*url)} : std::nullopt,
                             .owners = flags.ownership.owners(),
                             .privileges = flags.ownership.privileges()};
}

ops::VerifyRequest to_request(const VerifyFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    ops::VerifyRequest request{.directory = settings.directory(),
                               .dumps = flags.dumps,
                               .latest = {},
                               .drill = drill_options(flags, settings),
                               .command_line = invocation.command_line};
    if (request.dumps.empty() && !flags.all) {
        request.dumps = {k_latest};
    }
    for (const auto& text : {flags.database, flags.label}) {
        require_no_url(text.value_or(""), "the name or label of dumps");
    }
    request.latest = flags.choice.to_choice(request.dumps, settings);
    request.latest.only_database = flags.database;
    request.latest.only_label = flags.label;
    request.latest.may_name_database = true;
    return request;
}

/// If the report cannot be printed, damage must still be reported as damage, not as a failure.
void print_report(const ops::VerifyReport& report, const Invocation& invocation) {
    try {
        invocation.console.print_result(invocation.settings.json()
                                            ? to_json(report)
                                            : to_text(report, invocation.console.result_screen()));
    } catch (const base::Error& error) {
        if (report.verdict() != ops::Verdict::damaged) {
            throw;
        }
        invocation.console.on_warning(error.what());
    }
}

/// Without a dump name, the user may believe that all were checked.
void tell_of_others(const VerifyFlags& flags, const Invocation& invocation) {
    if (!flags.dumps.empty() || flags.all || flags.from.from || flags.choice.before ||
        invocation.settings.json()) {
        return;
    }
    std::ptrdiff_t dumps = 0;
    try {
        const ops::ListReport report = ops::list({.directory = invocation.settings.directory(),
                                                  .database = flags.database,
                                                  .label = flags.label,
                                                  .named = invocation.settings.named_database()},
                                                 invocation.context.clock);
        dumps = std::ranges::count_if(
            report.dumps, [](const store::DumpEntry& dump) { return !dump.is_foreign(); });
    } catch (const base::Error&) {
        return; // the verification itself succeeded
    }
    if (dumps > 1) {
        std::vector<std::string> words{"--all"};
        for (const auto& [name, value] :
             {std::pair{"--database", flags.database}, std::pair{"--label", flags.label}}) {
            if (value) {
                words.insert(words.end(), {name, *value});
            }
        }
        invocation.console.on_notice(fmt::format("checked 1 of {} dumps. To check all: {}", dumps,
                                                 invocation.command_line.again(words)));
    }
}

ops::VerifyReport verify(const VerifyFlags& flags, const Invocation& invocation) {
    const ops::VerifyRequest request = to_request(flags, invocation);
    const auto remote = flags.from.remote(invocation.settings);
    if (!remote) {
        return ops::verify(request, invocation.context);
    }
    if (request.drill) {
        return ops::verify_fetched(request, *remote, invocation.context);
    }
    return ops::verify_copies(request, flags.listed ? ops::CopyCheck::listed : ops::CopyCheck::read,
                              *remote, invocation.context);
}

int run_verify(const VerifyFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    const ops::VerifyReport report = verify(flags, invocation);
    note(invocation.record, report);
    for (const ops::VerifiedDump& dump : report.dumps) {
        invocation.console.log_result(
            result_line(dump), dump.verdict == ops::Verdict::good ? Outcome::good : Outcome::bad);
    }
    print_report(report, invocation);
    for (const ops::VerifiedDump& dump : report.dumps) {
        if (const auto error = find_error(dump); error && !settings.json()) {
            report_error(*error, false);
        }
    }
    tell_of_others(flags, invocation);
    const auto error = find_error(report);
    if (error) {
        note_failure(invocation.record, *error);
    }
    return error ? exit_code(error->kind()) : k_exit_done;
}

} // namespace

Command add_verify_command(CLI::App& root) {
    auto flags = std::make_shared<VerifyFlags>();
    CLI::App* app = root.add_subcommand("verify", "Check that dumps are good");
    app->alias("check");
    add_flags(*app, *flags);
    return {.app = app, .run = [flags](const Invocation& invocation) {
                return run_verify(*flags, invocation);
            }};
}

} // namespace dbbackup::cli
