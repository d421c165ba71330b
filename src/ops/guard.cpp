#include "ops/prune/prune_earlier.hpp"
#include "ops/seal/seal_words.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/guard.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/ops/verify.hpp>
#include <dbbackup/pg/target_limits.hpp>
#include <dbbackup/store/dump_series.hpp>
#include <dbbackup/sys/foreground_program.hpp>

#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::ops {

namespace {

constexpr const char* k_not_run = "; the command was not run";

/// Before the dump: a misspelt command must not cost the time of a dump.
std::string require_program(const std::vector<std::string>& command) {
    if (command.empty() || command.front().empty()) {
        throw base::Error{base::ErrorKind::usage, "guard has no command to run",
                          "Write it last, as in: dbbackup guard npx prisma migrate deploy"};
    }
    if (auto program = sys::find_program(command.front())) {
        return *program;
    }
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("there is no program '{}' to run", base::printable(command.front())),
        "Nothing was dumped. Write the command as a shell would find it; for more "
        "than one program: sh -c '…'."};
}

/// Restoring such a dump would lose what it does not hold: rows, owners, grants.
void require_whole_tables(const pg::DumpOptions& options) {
    if (options.sections != pg::DumpSections::all || !options.excluded_table_data.empty() ||
        options.no_owner || options.no_privileges) {
        throw base::Error{base::ErrorKind::usage,
                          "guard needs a dump that can bring back whole tables",
                          "Leave out -s, -a, -O, -x and --exclude-table-data. To skip a large "
                          "table that the command does not touch: -T TABLE."};
    }
}

/// Reports a failure before the command, which then did not run.
template <typename Step>
auto before_command(Step step) {
    try {
        return step();
    } catch (const base::Error& error) {
        throw base::Error{error.kind(), std::string{error.what()} + k_not_run, error.hint()};
    }
}

bool is_whole(const DumpReport& report) {
    return scope_of(report.manifest.dump) == store::Scope::whole;
}

void require_good(const DumpRequest& request, const DumpReport& dump, const Context& context) {
    const VerifyReport report = verify(
        {.directory = request.directory, .dumps = {dump.path}, .latest = {}, .drill = std::nullopt},
        context);
    const VerifiedDump& verified = report.dumps.at(0);
    if (verified.verdict != Verdict::good) {
        throw base::Error{verified.verdict == Verdict::damaged ? base::ErrorKind::damaged
                                                               : base::ErrorKind::failed,
                          fmt::format("the dump '{}' could not be read back: {}",
                                      base::printable(dump.path), verified.message),
                          verified.hint};
    }
}

pg::Session open_database(const DumpRequest& request, const Context& context) {
    return TargetServer{request.connection, context.environment, CreateTarget::no}.open();
}

/// The role may be allowed to dump what it may not drop and make again. It is better to learn that
/// before the command fails.
void require_whole_restorable(const DumpRequest& request, const DumpReport& dump,
                              const Context& context) {
    pg::Session session = open_database(request, context);
    if (!pg::holds_something_of_others(session)) {
        return;
    }
    const auto explain = [](const std::string& why) {
        return "this dump could not be restored: " + why;
    };
    RestorePlan plan;
    try {
        plan = plan_restore({.connection = request.connection,
                             .directory = request.directory,
                             .dump = dump.path,
                             .clean = Clean::everything},
                            context);
    } catch (const base::Error& error) {
        throw base::Error{error.kind(), explain(error.what()), error.hint()};
    }
    if (const auto owners = pg::find_unreachable_owners(session); !owners.empty()) {
        throw base::Error{
            base::ErrorKind::refused,
            explain("your role cannot recreate what belongs to " + base::list_some(owners)),
            "Guard as a superuser or as a member of these roles, or dump only what is yours, with "
            "-n SCHEMA or -t TABLE."};
    }
    if (!plan.left_alone.empty()) {
        context.listener.on_warning(
            fmt::format("these belong to other roles. The undo command leaves them as they are: {}",
                        base::list_all(plan.left_alone)));
    }
}

/// Objects outside a part that refer to its tables can block its restore, and so can missing
/// rights.
void require_part_restorable(const DumpRequest& request, const DumpReport& dump,
                             const Context& context) {
    try {
        (void)plan_restore({.connection = request.connection,
                            .directory = request.directory,
                            .dump = dump.path,
                            .clean = Clean::dumped},
                           context);
    } catch (const base::Error& error) {
        throw base::Error{
            error.kind(),
            fmt::format("this dump of a part of the database could not be restored: {}",
                        error.what()),
            "Dump the whole database, or a part that holds what belongs together."};
    }
}

/// A dump that is known to be good and restorable.
DumpReport take_dump(const DumpRequest& request, const Context& context) {
    DumpRequest keeping_all = request;
    keeping_all.retention = std::nullopt;
    DumpReport report = dump(keeping_all, context);
    if (const auto error = report.find_copy_error()) {
        throw base::Error{*error};
    }
    require_good(request, report, context);
    if (report.manifest.seal && !context.identity) {
        context.listener.on_warning(
            fmt::format("{}. Whether it can be restored was not tried", k_way_back_is_sealed));
    } else {
        (is_whole(report) ? require_whole_restorable : require_part_restorable)(request, report,
                                                                                context);
    }
    if (request.retention) {
        prune_earlier(request, report, context.listener,
                      [&](const PruneRequest& pruning) { return prune(pruning, context); });
    }
    return report;
}

std::string summary(const DumpReport& report) {
    const store::Manifest& manifest = report.manifest;
    const std::string size = base::format_byte_size(manifest.file.size);
    if (manifest.seal) { // this line is logged
        return fmt::format("dumped, sealed and verified: '{}', {}", base::printable(report.path),
                           size);
    }
    return fmt::format("dumped and verified: '{}', {} rows, {}", base::printable(report.path),
                       base::with_thousands(manifest.contents.total_rows()), size);
}

/// Restoring a part must not drop what it does not hold.
std::vector<std::string> restore_command(const DumpReport& report, const Context& context) {
    std::vector<std::string> words{"restore", std::filesystem::absolute(report.path), "--clean"};
    if (is_whole(report)) {
        words.emplace_back("--exact");
    }
    if (report.manifest.seal) {
        const auto identity = identity_words(context);
        words.insert(words.end(), identity.begin(), identity.end());
    }
    return words;
}

/// The caller's full environment: ours no longer has the PG variables that would mislead libpq.
std::vector<std::string> command_environment(const GuardRequest& request, const Context& context) {
    constexpr std::string_view k_url_entry = "DATABASE_URL=";
    std::vector<std::string> environment = context.environment;
    if (request.url_for_command) {
        std::erase_if(environment,
                      [=](const std::string& entry) { return entry.starts_with(k_url_entry); });
        environment.push_back(std::string{k_url_entry} + *request.url_for_command);
    }
    return environment;
}

} // namespace

void require_command(const std::vector<std::string>& command) {
    (void)require_program(command);
}

GuardReport guard(const GuardRequest& request, const Context& context) {
    const std::string program = require_program(request.command);
    if (request.dump.retention) {
        store::require_usable(*request.dump.retention);
    }
    require_whole_tables(request.dump.options);
    DumpReport report = before_command([&] { return take_dump(request.dump, context); });
    context.listener.on_notice(summary(report));
    const sys::ExitStatus status = before_command([&] {
        return sys::run_in_foreground(program, request.command,
                                      command_environment(request, context));
    });
    return {.dump = report, .command = status, .restore_command = restore_command(report, context)};
}

} // namespace dbbackup::ops
