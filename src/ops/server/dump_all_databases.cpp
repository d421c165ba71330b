#include "ops/dump/keep_out_of_git.hpp"
#include "ops/server/server_names.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/dump_server.hpp>
#include <dbbackup/ops/recipients.hpp>
#include <dbbackup/pg/dump_command.hpp>
#include <dbbackup/pg/server_databases.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

/// The worst first, as docs/exit-codes.md says.
constexpr std::array k_worst_first{base::ErrorKind::damaged, base::ErrorKind::failed,
                                   base::ErrorKind::usage,   base::ErrorKind::refused,
                                   base::ErrorKind::locked,  base::ErrorKind::not_copied};

DumpRequest request_for(const DumpRequest& all, const std::string& database) {
    DumpRequest request = all;
    request.connection.database = database;
    request.connection.set("dbname", database);
    request.retention.reset(); // once, after the set: it keeps what is in it
    return request;
}

MemberDump dump_member(const DumpRequest& all, const std::string& database,
                       const Context& context) {
    MemberDump member{.database = database, .report = std::nullopt, .error = std::nullopt};
    try {
        context.listener.on_detail(fmt::format("dumping {}", base::printable(database)));
        member.report = dump(request_for(all, database), context);
        member.error = member.report->find_copy_error();
    } catch (const base::Error& error) {
        member.error = error;
    }
    return member;
}

store::DumpSet::Member member_of(const DumpReport& report) {
    return {.file = report.manifest.file.name,
            .dump_id = report.manifest.dump_id,
            .sha256 = report.manifest.file.sha256};
}

store::DumpSet::Database to_set(const pg::ServerDatabase& database, const DumpReport& report) {
    const store::Manifest::Database& dumped = report.manifest.database;
    store::DumpSet::Database entry{.name = database.name,
                                   .dump = member_of(report),
                                   .encoding = dumped.encoding,
                                   .locale_provider = dumped.locale_provider,
                                   .collate = dumped.collate,
                                   .ctype = dumped.ctype,
                                   .icu_locale = dumped.icu_locale,
                                   .icu_rules = dumped.icu_rules,
                                   .builtin_locale = dumped.builtin_locale,
                                   .owner = database.owner,
                                   .tablespace = database.tablespace,
                                   .connection_limit = database.connection_limit,
                                   .comment = database.comment,
                                   .settings = {},
                                   .grants = std::nullopt};
    for (const auto& [role, setting] : database.settings) {
        entry.settings.push_back({.role = role, .name = setting.name, .values = setting.values});
    }
    if (database.grants) {
        entry.grants.emplace();
        for (const auto& [role, privilege, grantable] : *database.grants) {
            entry.grants->push_back({.role = role, .privilege = privilege, .grantable = grantable});
        }
    }
    return entry;
}

/// The properties as they are now, after the dumps: so they name no role that the globals lack.
store::DumpSet make_set(const ServerDumpReport& report,
                        const std::vector<pg::ServerDatabase>& databases, const Context& context) {
    const store::Manifest& globals = report.globals.value().manifest;
    store::DumpSet set{.tool_version = context.tool_version,
                       .created_at = context.clock.now(),
                       .host = globals.database.host,
                       .port = globals.database.port,
                       .server_version = globals.database.server_version,
                       .system_identifier = globals.database.system_identifier,
                       .globals = member_of(*report.globals),
                       .databases = {}};
    for (const MemberDump& member : report.databases) {
        const auto found = std::ranges::find(databases, member.database, &pg::ServerDatabase::name);
        if (found == databases.end()) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("database '{}' was dropped meanwhile",
                                          base::printable(member.database)),
                              "The dumps stay, without a set. Run it again."};
        }
        set.databases.push_back(to_set(*found, member.report.value()));
    }
    return set;
}

void require_all_there(const store::DumpSet& set, const store::DumpDirectory& directory) {
    if (const auto missing = store::find_missing(set, directory); !missing.empty()) {
        throw base::Error{base::ErrorKind::failed,
                          "deleted or changed meanwhile: " + base::list_all(missing),
                          "The other dumps stay, without a set. Run it again."};
    }
}

std::string write_set(const store::DumpSet& set, const store::DumpDirectory& directory) {
    const std::string json = store::to_json(set);
    sys::AtomicFile file{directory.files(),
                         choose_server_name(store::ServerFile::Kind::set,
                                            std::string{store::k_set_suffix}, set.host, directory,
                                            set.created_at)};
    sys::write_all(file.fd(), base::as_bytes(json), base::printable(file.partial_path()));
    file.sync();
    require_all_there(set, directory);
    directory.files().require_in_place();
    sys::throw_if_interrupted();
    file.commit();
    directory.files().sync();
    return directory.files().path_of(file.name());
}

std::vector<pg::ServerDatabase> ask_databases(const ServerDumpRequest& request,
                                              const Context& context) {
    pg::Session session = ServerAccess{request.dump.connection, context}.open();
    return pg::list_server_databases(session);
}

/// What no set is told about: the user must know that it is missing there.
void tell_skipped(const std::vector<pg::ServerDatabase>& databases, Listener& listener) {
    std::vector<std::string> skipped;
    for (const pg::ServerDatabase& database : databases) {
        if (!database.allows_connections) {
            skipped.push_back(database.name);
        }
    }
    if (!skipped.empty()) {
        listener.on_warning("not dumped, because they allow no connections: " +
                            base::list_all(skipped));
    }
}

void dump_server_globals(const ServerDumpRequest& request, const store::DumpDirectory& directory,
                         ServerDumpReport& report, const Context& context) {
    try {
        report.globals = dump_globals_locked(request, directory, context);
        if (report.failed() == 0) {
            report.set = make_set(report, ask_databases(request, context), context);
            report.set_path = write_set(*report.set, directory);
        }
    } catch (const base::Error& error) {
        report.set.reset();
        report.globals_error = error;
    }
}

void prune_after(const ServerDumpRequest& request, ServerDumpReport& report,
                 const Context& context) {
    if (!request.dump.retention) {
        return;
    }
    if (report.find_error()) {
        report.prune_problem = "not everything was dumped and copied, so older dumps stay";
        return;
    }
    PruneRequest pruning{.directory = request.dump.directory,
                         .policy = *request.dump.retention,
                         .database = std::nullopt,
                         .series = {},
                         .dry_run = DryRun::no};
    for (const MemberDump& member : report.databases) {
        pruning.series.push_back(series_of(member.report->manifest));
    }
    pruning.series.push_back(series_of(report.globals->manifest));
    try {
        report.prune = prune(pruning, context);
    } catch (const base::Error& error) {
        report.prune_problem = error.what();
        context.listener.on_warning(fmt::format(
            "everything was dumped, but older dumps could not be deleted: {}", error.what()));
    }
}

} // namespace

std::size_t ServerDumpReport::failed() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        databases, [](const MemberDump& member) { return !member.report.has_value(); }));
}

std::optional<base::Error> ServerDumpReport::find_error() const {
    std::vector<std::string> failed_names;
    std::vector<const base::Error*> errors;
    for (const MemberDump& member : databases) {
        if (member.error) {
            failed_names.push_back(member.database);
            errors.push_back(&*member.error);
        }
    }
    if (globals_error) {
        failed_names.emplace_back(globals ? "the set" : "roles and tablespaces");
        errors.push_back(&*globals_error);
    }
    if (errors.empty()) {
        return std::nullopt;
    }
    const auto worst = std::ranges::min_element(errors, {}, [](const base::Error* error) {
        return std::ranges::find(k_worst_first, error->kind()) - k_worst_first.begin();
    });
    return base::Error{(*worst)->kind(),
                       fmt::format("{} failed: {}{}", base::list_all(failed_names),
                                   (*worst)->what(), errors.size() > 1 ? ", and more" : ""),
                       set_path ? (*worst)->hint()
                                : "The dumps that succeeded stay, but there is no set of them. " +
                                      (*worst)->hint()};
}

ServerDumpReport dump_all_databases(const ServerDumpRequest& asked, const Context& context) {
    if (asked.dump.retention) {
        store::require_usable(*asked.dump.retention);
    }
    pg::require_harmless(asked.dump.options.extra);
    ServerDumpRequest request = asked;
    request.dump.recipients = parse_recipients(asked.dump.recipients, context);
    const auto databases = ask_databases(request, context);
    tell_skipped(databases, context.listener);
    const auto directory = open_outside_of_git(request.dump.directory, context.listener);
    ServerDumpReport report;
    {
        // Nobody prunes a member before the set is there that keeps it.
        const sys::FileLock lock = directory.lock(store::k_no_database);
        for (const pg::ServerDatabase& database : databases) {
            if (database.allows_connections) {
                report.databases.push_back(dump_member(asked.dump, database.name, context));
            }
        }
        dump_server_globals(request, directory, report, context);
    }
    prune_after(request, report, context);
    return report;
}

} // namespace dbbackup::ops
