#include "ops/drill_restore.hpp"

#include "ops/restore_aftermath.hpp"
#include "ops/restore_hints.hpp"
#include "ops/restore_plan.hpp"
#include "ops/restore_transaction.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/dump_replayer.hpp>
#include <dbbackup/pg/target.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::ops {

namespace {

/// What a server refuses for reasons of its own, its machine's or its operator's.
struct Obstacle {
    std::string_view sqlstate; ///< whole, or its class
    std::string_view text;     ///< that the message or the statement must hold, or empty
};

// States: PostgreSQL's manual, appendix A.
constexpr auto k_obstacles = std::to_array<Obstacle>({
    {"08", ""},
    {"0A000", "extension"},
    {"25006", ""},
    {"40", ""},
    {"42501", ""},
    {"42704", "role \""},
    {"42704", "collation \""},
    {"42704", "tablespace \""},
    {"42704", "access method \""},
    {"53", ""},
    {"55P03", ""},
    {"57", ""},
    {"58", ""},
    {"F0", ""},
    {"HV", ""}, // a foreign server that a materialized view reads
    {"XX", ""},
    {"22023", "could not create locale"},
    {"55000", "shared_preload_libraries"},
    // Whatever goes wrong in these, it is what was not installed.
    {"", "'CREATE EXTENSION"},
    {"", "'CREATE COLLATION"},
    {"", "'CREATE LANGUAGE"},
    {"", "'SECURITY LABEL"},
});

constexpr const char* k_disk_full = "53100";

/// Names of objects that a dump of a part of a database may take for granted.
constexpr auto k_missing_object = std::to_array<std::string_view>(
    {"3F000", "42704", "42883", "42P01", "42P06", "42710", "42P07"});

bool is_obstacle(const RefusedByServer& error) {
    const std::string_view message = error.what();
    return error.sqlstate().empty() ||
           std::ranges::any_of(k_obstacles, [&](const Obstacle& obstacle) {
               return error.sqlstate().starts_with(obstacle.sqlstate) &&
                      message.find(obstacle.text) != std::string_view::npos;
           });
}

bool leans_on_the_rest(const DrillJob& job, const RefusedByServer& error) {
    return is_partial(job.manifest) &&
           std::ranges::find(k_missing_object, error.sqlstate()) != k_missing_object.end();
}

[[noreturn]] void throw_not_restored(const DrillJob& job, const base::Error& error) {
    throw DamagedDump{
        fmt::format("'{}' cannot be restored: {}", base::printable(job.file.path()), error.what()),
        "Do not rely on this dump; take another one, and try that.",
        {}};
}

[[noreturn]] void throw_obstacle(const base::Error& error) {
    constexpr std::string_view k_of_a_target = "Nothing was changed. ";
    std::string_view hint = error.hint();
    hint.remove_prefix(hint.starts_with(k_of_a_target) ? k_of_a_target.size() : 0);
    throw base::Error{base::ErrorKind::failed, error.what(), std::string{hint}};
}

/// A COPY into one would write to its server.
void require_no_foreign_rows(const CheckedDump& checked) {
    for (const pg::ScannedTable& table : checked.contents.tables) {
        const bool is_foreign =
            std::ranges::any_of(checked.inventory.objects, [&table](const pg::DumpObject& object) {
                return object.kind == "foreign table" && object.schema == table.schema &&
                       object.name == table.name;
            });
        if (table.has_data && is_foreign) {
            throw base::Error{
                base::ErrorKind::failed,
                fmt::format("the dump holds rows of the foreign table {}.{}, which a restore "
                            "writes to a server elsewhere",
                            base::printable(table.schema), base::printable(table.name)),
                "Drill a dump without --include-foreign-data."};
        }
    }
}

/// What goes wrong where the database sorts or spells otherwise than the one that was dumped.
bool may_be_of_locale(const RefusedByServer& error) {
    const std::string_view message = error.what();
    return error.sqlstate() == "42P17" || message.find("partition constraint") != message.npos ||
           message.find("range lower bound") != message.npos ||
           message.find("for type money") != message.npos;
}

void run_for_each(pg::Session& session, const std::string& question,
                  const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        for (const auto& row : session.query(question, {name})) {
            session.execute(row.at(0));
        }
    }
}

/// Roles are of the whole server, so only of a throwaway one.
void make_roles(pg::Session& session, const pg::DumpInventory& inventory) {
    run_for_each(session,
                 "select pg_catalog.format('create role %I', $1::text) "
                 "where not exists (select from pg_catalog.pg_roles where rolname = $1)",
                 inventory.roles);
    // Where they come from they may have rights by roles that no dump names: a materialized view is
    // read as its owner.
    run_for_each(
        session,
        "select pg_catalog.format('grant pg_read_all_data to %I', $1::text) "
        "where exists (select from pg_catalog.pg_roles where rolname = 'pg_read_all_data') "
        "and not exists (select from pg_catalog.pg_roles where rolname = $1 and rolsuper)",
        inventory.roles);
    run_for_each(session, "select pg_catalog.format('alter role %I superuser', $1::text)",
                 inventory.superusers);
}

void make_tablespaces(pg::Session& session, const ThrowawayServer& server,
                      const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string place = server.make_directory(fmt::format("tablespace_{}", i)).string();
        session.execute(
            session
                .query("select pg_catalog.format('create tablespace %I location %L', $1::text, "
                       "$2::text)",
                       {names[i], place})
                .at(0)
                .at(0));
    }
}

/// That a dump of chosen tables does not hold itself.
void make_schemas(pg::Session& session, const CheckedDump& checked) {
    std::vector<std::string> missing;
    std::ranges::copy_if(
        checked.contents.schemas, std::back_inserter(missing), [&](const std::string& schema) {
            return std::ranges::count(checked.inventory.created_schemas, schema) == 0;
        });
    run_for_each(session,
                 "select pg_catalog.format('create schema %I', $1::text) "
                 "where pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) is null",
                 missing);
}

void prepare(const ScratchDatabase& scratch, const DrillJob& job) {
    pg::Session session = scratch.server().open();
    read_names_as(session, job.checked.inventory.encoding);
    if (scratch.throwaway() != nullptr) {
        make_roles(session, job.checked.inventory);
        make_tablespaces(session, *scratch.throwaway(), job.checked.inventory.tablespaces);
    }
    make_schemas(session, job.checked);
}

RestoreRequest request_for(const ScratchDatabase& scratch, const DrillJob& job) {
    return {.connection = scratch.connection(),
            .directory = job.request.directory,
            .dump = {},
            .clean = Clean::nothing,
            .create = false,
            .dry_run = false,
            .safety_dump = false,
            .disconnect_others = false,
            .allow_downgrade = false,
            .no_owner = job.options.no_owner,
            .no_privileges = job.options.no_privileges,
            .tables = {},
            .jobs = 0,
            .lock_timeout = std::chrono::seconds{30},
            .bin_dir = job.request.bin_dir,
            .tool_version = job.request.tool_version,
            .environment = scratch.environment()};
}

/// Roles and extensions that the server lacks, all at once and before anything is tried.
pg::TargetSurvey survey(const ScratchDatabase& scratch, const DrillJob& job,
                        const RestoreRequest& request) {
    pg::Session session = scratch.server().open();
    read_names_as(session, job.checked.inventory.encoding);
    pg::TargetSurvey target = pg::survey_target(session, job.checked.contents,
                                                job.checked.inventory, pg::CleanScope::nothing);
    target.conflicts.clear(); // the schemas that were made a moment ago
    require_safe(request, scratch.server().info(), target, pg::CleanScope::nothing);
    return target;
}

DrilledRestore restore(const ScratchDatabase& scratch, const DrillJob& job) {
    const RestoreRequest request = request_for(scratch, job);
    const pg::TargetSurvey target = survey(scratch, job, request);
    const auto started = std::chrono::steady_clock::now();
    DrilledRestore restored;
    restored.left_out = run_restore_transaction({.request = request,
                                                 .server = scratch.server(),
                                                 .file = job.file,
                                                 .checked = job.checked,
                                                 .whole = job.checked.contents,
                                                 .scope = pg::CleanScope::nothing,
                                                 .approved = target,
                                                 .listener = job.listener});
    analyze_tables(scratch.server(), scratch.connection().database, job.checked.contents,
                   job.checked.inventory.encoding, job.listener);
    restored.time = elapsed_since(started);
    return restored;
}

} // namespace

DrilledRestore restore_into(const ScratchDatabase& scratch, const DrillJob& job) {
    require_no_foreign_rows(job.checked);
    try {
        prepare(scratch, job);
        return restore(scratch, job);
    } catch (const RefusedByServer& error) {
        if (scratch.throwaway() != nullptr && error.sqlstate() == k_disk_full) {
            throw base::Error{base::ErrorKind::failed, error.what(),
                              "Free some space there, or let TMPDIR name another place for the "
                              "scratch server."};
        }
        if (is_obstacle(error)) {
            throw_obstacle(error);
        }
        if (leans_on_the_rest(job, error)) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("the dump is of a part of its database, and needs what "
                                          "it does not hold: {}",
                                          error.what()),
                              "Drill a dump of the whole database."};
        }
        if (!knows_locale(job.manifest) && may_be_of_locale(error)) {
            throw base::Error{base::ErrorKind::failed, error.what(),
                              "Perhaps the dump's database sorts otherwise than this one: no "
                              "manifest says what locale it had. Drill on a server of that locale "
                              "with --scratch-url."};
        }
        throw_not_restored(job, error);
    } catch (const pg::RowsLost& error) {
        throw_not_restored(job, error);
    } catch (const DamagedDump&) {
        throw;
    } catch (const base::Error& error) {
        if (error.kind() == base::ErrorKind::damaged) {
            throw_not_restored(job, error);
        }
        throw_obstacle(error);
    }
}

} // namespace dbbackup::ops
