#include "ops/restore/commit_restore.hpp"

#include "ops/restore/restore_aftermath.hpp"
#include "ops/restore/restore_and_swap.hpp"
#include "ops/restore/restore_hints.hpp"
#include "ops/restore/restore_in_place.hpp"
#include "ops/restore/restore_transaction.hpp"
#include "ops/target/commit_outcome.hpp"
#include "ops/target/created_database.hpp"

#include <dbbackup/base/error.hpp>

#include <exception>
#include <optional>
#include <string>

namespace dbbackup::ops {

namespace {

/// The work after the restore is committed. A signal may cut it short, but cannot undo the restore,
/// and must not look as if it had.
void finish_up(const RestoreJob& job, RestoreOutcome& outcome) {
    const std::string& database = job.request.connection.database;
    outcome.rows = job.restored.rows();
    outcome.tables = job.restored.contents.tables.size();
    try {
        if (job.request.jobs == 0) {
            analyze_tables(job.server, database, job.restored, job.context.listener);
        }
        outcome.not_validated = list_not_validated(job.server, job.restored, job.context.listener);
    } catch (const base::Interrupted&) {
        job.context.listener.on_warning(
            "the restore is done, but a signal interrupted the work after it: "
            "run ANALYZE yourself");
    } catch (const std::exception& error) {
        // Out of threads or memory: the restore is committed anyway.
        job.context.listener.on_warning(
            std::string{
                "the restore is done, but the work after it failed; run ANALYZE yourself: "} +
            error.what());
    }
}

RestoreOutcome run(const RestoreJob& job, const RestorePlan& plan) {
    std::optional<CreatedDatabase> created;
    if (job.request.jobs > 0) {
        return restore_and_swap(job);
    }
    if (job.request.create == CreateTarget::yes) {
        created.emplace(job.server, job.request.connection.database,
                        CreatedDatabase::Like::template0, job.context.listener);
    }
    try {
        RestoreOutcome outcome = restore_in_place(job, plan);
        if (created) {
            created->keep();
        }
        return outcome;
    } catch (const CommitUnknown&) {
        if (created) {
            created->keep(); // it may be the restored database
        }
        throw;
    }
}

} // namespace

RestoreOutcome commit_restore(const PreparedRestore& prepared, const Context& context) {
    const RestoreRequest& request = prepared.request;
    const RestoreJob job{.request = request,
                         .server = prepared.server,
                         .file = prepared.file,
                         .dump = prepared.dump,
                         .restored = prepared.chosen.restored,
                         .scope = prepared.scope,
                         .part = prepared.part,
                         .chosen = prepared.chosen.part,
                         .approved = prepared.survey,
                         .context = context};
    try {
        RestoreOutcome outcome = run(job, prepared.plan);
        finish_up(job, outcome);
        return outcome;
    } catch (const pg::ServerError& error) {
        throw explain(error, request, {.blockers = {}, .lock_timeout = request.lock_timeout});
    }
}

} // namespace dbbackup::ops
