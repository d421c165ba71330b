#include "ops/part/not_brought_back.hpp"
#include "ops/part/part_choice.hpp"
#include "ops/part/restored_part.hpp"
#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/read/named_dump.hpp"
#include "ops/restore/look_at_target.hpp"
#include "ops/restore/restore_aftermath.hpp"
#include "ops/restore/restore_beside.hpp"
#include "ops/restore/restore_hints.hpp"
#include "ops/restore/restore_in_place.hpp"
#include "ops/restore/restore_plan.hpp"
#include "ops/restore/restore_refusals.hpp"
#include "ops/restore/restore_transaction.hpp"
#include "ops/server_access.hpp"
#include "ops/target/commit_outcome.hpp"
#include "ops/target/created_database.hpp"
#include "ops/target/lock_room.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/interrupted_deed.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <exception>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

/// What a manifest that cannot be read was to say of the dump, nobody knows.
void require_readable_manifest(const RestoreRequest& request, const store::FoundDump& found) {
    const store::DumpEntry& entry = found.entry;
    if (entry.unread_manifest) {
        const std::string manifest = store::manifest_name_of(entry.name);
        throw with_another_dump({*entry.unread_manifest, entry.problem,
                                 fmt::format("Nothing was changed. Restore another dump, or move "
                                             "'{}' away to restore this one without its manifest.",
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
        job.listener.on_warning("the restore is done, but a signal interrupted the work after it: "
                                "run ANALYZE yourself");
    } catch (const std::exception& error) {
        // No thread or no memory to be had: the restore is committed all the same.
        job.listener.on_warning(
            std::string{
                "the restore is done, but the work after it failed; run ANALYZE yourself: "} +
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
    const pg::TargetSurvey target = look_at_target(request, server, checked, scope, listener);
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
