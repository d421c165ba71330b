#include "ops/drill/drill_restore.hpp"

#include "ops/drill/drill_surroundings.hpp"
#include "ops/drill/drill_versions.hpp"
#include "ops/part/restored_part.hpp"
#include "ops/restore/restore_aftermath.hpp"
#include "ops/restore/restore_hints.hpp"
#include "ops/restore/restore_plan.hpp"
#include "ops/restore/restore_refusals.hpp"
#include "ops/restore/restore_transaction.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/dump_replayer.hpp>
#include <dbbackup/pg/target.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <string_view>
#include <utility>

namespace dbbackup::ops {

namespace {

/// Errors whose cause is the server, its machine or its operator.
struct Obstacle {
    std::string_view sqlstate; ///< full, or its class
    std::string_view text;     ///< that the message or the statement must contain, or empty
};

// SQLSTATEs: PostgreSQL's manual, appendix A.
constexpr auto k_obstacles = std::to_array<Obstacle>({
    {"08", ""},
    {"0A000", "extension"},
    {"22P01", "signaled"}, // SIGFPE, which any process of the server's user can send
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
    // Any error in these means that something is not installed.
    {"", "'CREATE EXTENSION"},
    {"", "'CREATE COLLATION"},
    {"", "'CREATE LANGUAGE"},
    {"", "'SECURITY LABEL"},
});

constexpr const char* k_disk_full = "53100";

/// Errors about names of objects, which a dump of a part may take for granted.
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
    const bool is_part =
        job.manifest ? is_partial(job.manifest) : !part_of_database(std::nullopt, job.dump).empty();
    return is_part &&
           std::ranges::find(k_missing_object, error.sqlstate()) != k_missing_object.end();
}

[[noreturn]] void throw_not_restored(const DrillJob& job, const base::Error& error) {
    throw DamagedDump{
        fmt::format("'{}' cannot be restored: {}", base::printable(job.file.path()), error.what()),
        "Do not rely on this dump. Take another and drill that.",
        {}};
}

[[noreturn]] void throw_obstacle(const base::Error& error) {
    constexpr std::string_view k_of_a_target = "Nothing was changed. ";
    std::string_view hint = error.hint();
    hint.remove_prefix(hint.starts_with(k_of_a_target) ? k_of_a_target.size() : 0);
    throw base::Error{base::ErrorKind::failed, error.what(), std::string{hint}};
}

/// A COPY into one would write to its server.
void require_no_foreign_rows(const CheckedDump& dump) {
    std::set<std::pair<std::string, std::string>> foreign;
    for (const pg::DumpObject& object : dump.inventory.objects) {
        if (object.kind == "foreign table") {
            foreign.emplace(object.schema, object.name);
        }
    }
    for (const pg::ScannedTable& table : dump.contents.tables) {
        if (table.has_data && foreign.contains({table.schema, table.name})) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("the dump holds rows of the foreign table {}.{}, which a "
                                          "restore would write to another server",
                                          base::printable(table.schema),
                                          base::printable(table.name)),
                              "Drill a dump without --include-foreign-data."};
        }
    }
}

/// True if the error may come from a locale or encoding that differs from the dumped database's.
bool may_be_of_locale(const RefusedByServer& error) {
    const std::string_view message = error.what();
    return error.sqlstate() == "42P17" ||
           message.find("partition constraint") != std::string_view::npos ||
           message.find("range lower bound") != std::string_view::npos ||
           message.find("for type money") != std::string_view::npos;
}

RestoreRequest request_for(const ScratchDatabase& scratch, const DrillJob& job) {
    return {
        .connection = scratch.connection(),
        .directory = job.request.directory,
        .dump = {},
        .safety_dump = SafetyDump::skip,
        .outside_files =
            pg::OutsideFiles::load, // nobody can be asked, and that server holds nothing else
        .owners = job.options.owners,
        .privileges = job.options.privileges,
    };
}

/// Reports missing roles and extensions all at once, before anything is tried.
pg::TargetSurvey survey(const ScratchDatabase& scratch, const DrillJob& job,
                        const RestoreRequest& request) {
    pg::Session session = scratch.server().open();
    set_client_encoding(session, job.dump.inventory.encoding);
    pg::TargetSurvey target = pg::survey_target(session, job.dump, pg::DropScope::nothing);
    target.conflicts.clear(); // the schemas that were just created
    require_safe(request, job.dump, job.dump, scratch.server().info(), target,
                 pg::DropScope::nothing, {});
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
                                                 .dump = job.dump,
                                                 .restored = job.dump,
                                                 .scope = pg::DropScope::nothing,
                                                 .part = {},
                                                 .chosen = {},
                                                 .approved = target,
                                                 .context = scratch.context()},
                                                [] { return true; }); // there are no others' rows
    analyze_tables(scratch.server(), scratch.connection().database, job.dump, job.context.listener);
    restored.time = elapsed_since(started);
    return restored;
}

} // namespace

DrilledRestore restore_into(const ScratchDatabase& scratch, const DrillJob& job) {
    require_no_foreign_rows(job.dump);
    try {
        make_surroundings(scratch, job.dump);
        return restore(scratch, job);
    } catch (const RefusedByServer& error) {
        if (scratch.throwaway() != nullptr && error.sqlstate() == k_disk_full) {
            throw base::Error{
                base::ErrorKind::failed, error.what(),
                "Free some space there, or set TMPDIR to another place for the throwaway server."};
        }
        require_libraries(job, error, scratch.server().info().version);
        if (is_obstacle(error)) {
            throw_obstacle(error);
        }
        if (leans_on_the_rest(job, error)) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("the dump is a part of its database, and needs objects "
                                          "that it does not hold: {}",
                                          error.what()),
                              "Drill a dump of the whole database."};
        }
        if (!knows_locale(job.manifest) && may_be_of_locale(error)) {
            throw base::Error{
                base::ErrorKind::failed, error.what(),
                "Perhaps the dump's database sorts differently from this one: without a manifest, "
                "its locale is unknown. Drill on a server of that locale with --scratch-url."};
        }
        require_refusal_by_dump(job, error, scratch.server().info().version);
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
