#include "ops/commit_outcome.hpp"
#include "ops/created_database.hpp"
#include "ops/dump_check.hpp"
#include "ops/dump_file.hpp"
#include "ops/lock_room.hpp"
#include "ops/lock_watch.hpp"
#include "ops/named_dump.hpp"
#include "ops/not_brought_back.hpp"
#include "ops/part_choice.hpp"
#include "ops/proposal.hpp"
#include "ops/restore_aftermath.hpp"
#include "ops/restore_beside.hpp"
#include "ops/restore_hints.hpp"
#include "ops/restore_plan.hpp"
#include "ops/restore_transaction.hpp"
#include "ops/restored_part.hpp"
#include "ops/server_access.hpp"
#include "ops/target_server.hpp"
#include "ops/way_back.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/interrupted_deed.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/dump.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/other_sessions.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds k_count_patience = 1s;

/// What a manifest that cannot be read was to say of the dump, nobody knows.
void require_readable_manifest(const RestoreRequest& request, const store::FoundDump& found) {
    const store::DumpEntry& entry = found.entry;
    if (entry.unread_manifest) {
        const std::string manifest = store::manifest_name_of(entry.name);
        throw with_another_dump(
            {*entry.unread_manifest, entry.problem,
             fmt::format("Nothing was changed. Move '{}' away to restore the dump by what it says "
                         "of itself, or restore another one.",
                         base::printable(manifest))},
            found, request.command_line);
    }
}

store::DumpQuery query_of(const RestoreRequest& request) {
    store::DumpQuery query{.directory = request.directory,
                           .reference = request.dump,
                           .latest = request.latest,
                           .only_parts = store::OnlyParts::refused,
                           .command_line = request.command_line};
    query.latest.database = request.connection.database;
    return query;
}

CheckedDump check(const RestoreRequest& request, const DumpFile& file,
                  const store::FoundDump& found, Listener& listener) {
    const auto& manifest = found.entry.manifest;
    try {
        return check_dump(file, manifest,
                          {.listener = listener,
                           .estimated_bytes = manifest ? manifest->file.uncompressed_size : 0,
                           .connection = &request.connection});
    } catch (const base::Error& error) {
        if (error.kind() == base::ErrorKind::damaged) {
            throw with_another_dump(error, found, request.command_line);
        }
        throw;
    }
}

/// Between two looks at the catalog, another session can drop what the first one found.
void require_still_there(const pg::ServerError& error, const RestoreRequest& request) {
    // undefined_table, invalid_schema_name, undefined_object (PostgreSQL's manual, appendix A), and
    // what its functions of the catalog say.
    constexpr auto k_gone = std::to_array<std::string_view>({"42P01", "3F000", "42704"});
    const std::string& said = error.server_message();
    if (std::ranges::find(k_gone, error.sqlstate()) != k_gone.end() ||
        said.find("cache lookup failed") != std::string::npos ||
        said.find("could not open relation with OID") != std::string::npos) {
        throw base::Error{base::ErrorKind::refused,
                          fmt::format("database '{}' was changed while it was looked at: {}",
                                      base::printable(request.connection.database), error.what()),
                          "Nothing was changed by this run. Run the same command again once the "
                          "other session is done."};
    }
}

/// Nobody has confirmed anything yet: who is in the way may stay even where others are to be
/// disconnected, and their tables are not counted then.
pg::TargetSurvey survey(const RestoreRequest& request, const TargetServer& server,
                        const CheckedDump& checked, pg::CleanScope scope, Listener& listener) {
    if (!server.target_exists()) {
        return {};
    }
    const bool disconnects = request.disconnect_others;
    const auto patience =
        disconnects ? std::min(request.lock_timeout, k_count_patience) : request.lock_timeout;
    pg::Session session = server.open();
    LockWatch watch{server, session.process_id(), OtherSessions::wait_for, listener};
    session.listen([&watch](std::chrono::milliseconds waited) { watch.look(waited); }, nullptr);
    try {
        session.execute(fmt::format("set lock_timeout = {}", patience.count()));
        require_no_other_restore(session);
        read_names_as(session, checked.inventory.encoding);
        return pg::survey_target(session, checked.contents, checked.inventory, scope,
                                 disconnects ? pg::LockedTables::pass_over
                                             : pg::LockedTables::fail);
    } catch (const pg::ServerError& error) {
        require_still_there(error, request);
        throw explain(error, request, {.blockers = watch.last_seen(), .lock_timeout = patience});
    }
}

/// A quick look, before an hour of reading: false does not mean that the target is empty.
bool surely_holds_something(const TargetServer& server) {
    pg::Session session = server.open();
    return session
               .query("select exists (select from pg_catalog.pg_class c "
                      "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
                      "where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' "
                      "and not exists (select from pg_catalog.pg_depend d "
                      "where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass "
                      "and d.objid = c.oid and d.deptype = 'e'))")
               .at(0)
               .at(0) == "t";
}

TargetServer connect_to_target(const RestoreRequest& request) {
    try {
        return {request.connection, request.environment, request.create};
    } catch (const MissingDatabase& error) {
        throw base::Error{
            error.kind(), error.what(),
            fmt::format(
                "Is the name in the URL the right one? To make the database "
                "and restore into it: {}",
                propose_without(request, {"--clean", "--exact", "--drop-missing"}, {"--create"}))};
    }
}

void require_right_target(const RestoreRequest& request, const TargetServer& server) {
    if (request.create && server.target_exists()) {
        throw base::Error{base::ErrorKind::refused,
                          fmt::format("--create: database '{}' is there already",
                                      base::printable(request.connection.database)),
                          fmt::format("Name another database, or restore into that one: {}",
                                      propose_without(request, {"--create"}))};
    }
}

/// What a signal left of it. Once it is committed, none is listened to.
[[noreturn]] void throw_interrupted(const RestoreRequest& request, int signal_number,
                                    const std::string& safety_dump) {
    std::string outcome = fmt::format("database {} was not {}", request.connection.database,
                                      request.create ? "created" : "changed");
    if (!safety_dump.empty()) {
        outcome += fmt::format("; its safety dump stays: {}", safety_dump);
    }
    throw base::InterruptedDeed{signal_number, std::move(outcome)};
}

DumpRequest safety_request(const RestoreRequest& request) {
    pg::DumpOptions options;
    options.lock_wait_timeout = request.lock_timeout;
    return {.connection = request.connection,
            .directory = request.safety_directory.value_or(request.directory),
            .options = std::move(options),
            .compression = {},
            .bin_dir = request.bin_dir,
            .label = "safety dump before a restore",
            .pin = Pin::no,
            .purpose = Purpose::safety,
            .retention = std::nullopt,
            .tool_version = request.tool_version,
            .environment = request.environment};
}

/// The target as it is now, as a dump that `restore --clean --exact` brings back.
DumpReport take_safety_dump(const RestoreJob& job, const base::Clock& clock) {
    const RestoreRequest& request = job.request;
    Listener& listener = job.listener;
    listener.on_notice("taking a safety dump of the target first");
    try {
        if (request.disconnect_others) {
            pg::Session session = job.server.open();
            (void)pg::end_sessions_in(session, request.connection.database, 0);
        }
        return dump(safety_request(request), listener, clock);
    } catch (const base::Interrupted& interrupted) {
        throw_interrupted(request, interrupted.signal_number(), {});
    } catch (const base::Error& error) {
        throw base::Error{
            error.kind(),
            std::string{"the safety dump failed, so nothing was restored: "} + error.what(),
            fmt::format("{} To put it elsewhere: {}. To go without a way back: {}", error.hint(),
                        request.safety_directory ? "name another directory after --safety-dir"
                                                 : propose(request, {"--safety-dir", "DIR"}),
                        propose(request, {"--no-safety-dump"}))};
    }
}

/// `error`, which left the target as it was, and what it left besides.
base::Error with_safety_dump(const base::Error& error, const std::optional<std::string>& path) {
    if (!path) {
        return {error.kind(), error.what(), error.hint()};
    }
    return {error.kind(), error.what(),
            fmt::format("{}{}The safety dump '{}' is kept: it holds the target as it is now.",
                        error.hint(), error.hint().empty() ? "" : " ", base::printable(*path))};
}

RestoreOutcome restore_in_place(const RestoreJob& job, const RestorePlan& plan,
                                const base::Clock& clock) {
    RestoreOutcome outcome;
    if (plan.safety_dump) {
        outcome.safety_dump = take_safety_dump(job, clock).path;
        WayBack back = find_way_back(job, *outcome.safety_dump);
        outcome.undo_command = std::move(back.command);
        outcome.undo_leaves = std::move(back.leaves);
    }
    const auto started = std::chrono::steady_clock::now();
    const auto context = RefusalContext{.blockers = {},
                                        .lock_timeout = job.request.lock_timeout,
                                        .is_part = !job.chosen.whole || !job.part.empty()};
    try {
        outcome.left_out = run_restore_transaction(job);
    } catch (const base::Interrupted& interrupted) {
        throw_interrupted(job.request, interrupted.signal_number(),
                          outcome.safety_dump.value_or(""));
    } catch (const CommitUnknown& error) {
        throw CommitUnknown{error.kind(), error.what(),
                            outcome.safety_dump
                                ? fmt::format("{} If it did, the old state is in '{}'.",
                                              error.hint(), base::printable(*outcome.safety_dump))
                                : error.hint()};
    } catch (const pg::ServerError& error) {
        throw with_safety_dump(explain(error, job.request, context), outcome.safety_dump);
    } catch (const base::Error& error) {
        throw with_safety_dump(error, outcome.safety_dump);
    }
    outcome.duration = elapsed_since(started);
    return outcome;
}

/// What is still to do once the restore stands. A signal may cut it short, but cannot undo what is
/// done, and must not look as if it had.
void finish_up(const RestoreJob& job, RestoreOutcome& outcome) {
    const std::string& database = job.request.connection.database;
    outcome.rows = job.checked.contents.total_rows() + pg::inserted_rows(job.checked.inventory);
    outcome.tables = job.checked.contents.tables.size();
    try {
        if (job.request.jobs == 0) {
            analyze_tables(job.server, database, job.checked.contents,
                           job.checked.inventory.encoding, job.listener);
        }
        outcome.not_validated = list_not_validated(job.server, job.checked.contents,
                                                   job.checked.inventory.encoding, job.listener);
    } catch (const base::Interrupted&) {
        job.listener.on_warning("the restore is done and stays; a signal cut short what comes "
                                "after it: run ANALYZE yourself");
    } catch (const std::exception& error) {
        // No thread or no memory to be had: the restore is committed all the same.
        job.listener.on_warning(std::string{"the restore is done and stays, but what comes after "
                                            "it failed; run ANALYZE yourself: "} +
                                error.what());
    }
}

RestoreOutcome run(const RestoreJob& job, const RestorePlan& plan, const base::Clock& clock) {
    std::optional<CreatedDatabase> created;
    if (job.request.jobs > 0) {
        return restore_beside(job, clock);
    }
    if (job.request.create) {
        created.emplace(job.server, job.request.connection.database,
                        CreatedDatabase::Like::template0, job.listener);
    }
    try {
        RestoreOutcome outcome = restore_in_place(job, plan, clock);
        if (created) {
            created->keep();
        }
        return outcome;
    } catch (const CommitUnknown&) {
        if (created) {
            created->keep(); // it may be the restored one
        }
        throw;
    }
}

RestoreReport restore_found(const RestoreRequest& request, const store::FoundDump& found,
                            const DumpFile& file, Approver& approver, Listener& listener,
                            const base::Clock& clock) {
    // First of all, for nobody wants to hear of a wrong password after an hour of reading.
    const TargetServer server = connect_to_target(request);
    require_right_target(request, server);
    if (!request.dry_run && server.target_exists() && surely_holds_something(server)) {
        approver.require_somebody();
    }

    const CheckedDump whole = check(request, file, found, listener);
    const ChosenDump chosen = choose_part(request, file, whole);
    const CheckedDump& checked = chosen.checked;
    require_in_target(file, checked.inventory, server);
    require_no_outside_functions(request, checked);
    require_version(request, found.entry, checked, server.info());
    const pg::CleanScope scope = choose_scope(request, found.entry.manifest, checked);
    const std::string part = part_of_database(found.entry.manifest, whole);
    require_whole(request, part, scope);
    const pg::TargetSurvey target = survey(request, server, checked, scope, listener);
    RestoreReport report{
        .plan = make_plan(request, found.entry, file, checked, server, target, clock.now()),
        .outcome = std::nullopt};
    report.plan.part = chosen.part.whole ? part : describe_choice(chosen.part);
    if (!chosen.part.whole) {
        note_not_brought_back(server, whole, checked, report.plan);
    }
    require_replaceable(request, target);
    require_safe(request, whole, checked, server.info(), target, scope, part);
    if (std::string shortage = find_lock_shortage(request, server, checked, target);
        !shortage.empty()) {
        report.plan.warnings.push_back(std::move(shortage));
    }
    if (request.dry_run) {
        return report;
    }
    approver.require_approval(report.plan);

    const RestoreJob job{.request = request,
                         .server = server,
                         .file = file,
                         .checked = checked,
                         .whole = whole.contents,
                         .scope = scope,
                         .part = part,
                         .chosen = chosen.part,
                         .approved = target,
                         .listener = listener};
    try {
        report.outcome = run(job, report.plan, clock);
    } catch (const pg::ServerError& error) {
        throw explain(error, request, {.blockers = {}, .lock_timeout = request.lock_timeout});
    }
    finish_up(job, *report.outcome);
    return report;
}

} // namespace

RestoreReport restore(const RestoreRequest& request, Approver& approver, Listener& listener,
                      const base::Clock& clock) {
    warn_of_url(request.connection, listener);
    try {
        const store::FoundDump found = find_named_dump(query_of(request), listener, clock);
        require_readable_manifest(request, found);
        const DumpFile file{found, request.bin_dir, path_variable(request.environment)};
        file.require_known_format();
        RestoreRequest named = request;
        named.dump = file.path(); // hints mean this one, whatever "latest" is by then
        require_jobs_possible(named, file);
        require_choice_possible(named);
        return restore_found(named, found, file, approver, listener, clock);
    } catch (const base::InterruptedDeed&) {
        throw;
    } catch (const base::Interrupted& interrupted) {
        throw_interrupted(request, interrupted.signal_number(), {});
    }
}

} // namespace dbbackup::ops
