#include "ops/restore/restore_in_place.hpp"

#include "ops/client/progress_report.hpp"
#include "ops/dump/safety_dump.hpp"
#include "ops/restore/proposal.hpp"
#include "ops/restore/restore_hints.hpp"
#include "ops/restore/undo_command.hpp"
#include "ops/target/commit_outcome.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/interrupted_operation.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/dump.hpp>
#include <dbbackup/pg/other_sessions.hpp>

#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

/// Dumps the current target, so that `restore --clean --exact` can bring it back.
DumpReport take_safety_dump(const RestoreJob& job) {
    const RestoreRequest& request = job.request;
    job.context.listener.on_notice("taking a safety dump of the target first");
    try {
        if (request.others == OtherSessions::disconnect) {
            pg::Session session = job.server.open();
            (void)pg::end_sessions_in(session, request.connection.database, 0);
        }
        return dump(safety_request(request.connection,
                                   request.safety_directory.value_or(request.directory),
                                   request.lock_timeout, "a restore", job.context),
                    job.context);
    } catch (const base::Interrupted& interrupted) {
        throw_interrupted(request, interrupted.signal_number(), {});
    } catch (const base::Error& error) {
        throw base::Error{
            error.kind(),
            std::string{"the safety dump failed, so nothing was restored: "} + error.what(),
            fmt::format("{}{}To put it elsewhere: {}. To restore without a safety dump, with no "
                        "way to undo: {}",
                        error.hint(), error.hint().empty() ? "" : " ",
                        request.safety_directory ? "name another directory after --safety-dir"
                                                 : propose(request, {"--safety-dir", "DIR"}),
                        propose(request, {"--no-safety-dump"}))};
    }
}

} // namespace

void throw_interrupted(const RestoreRequest& request, int signal_number,
                       const std::string& safety_dump) {
    std::string outcome = fmt::format("database {} was not {}", request.connection.database,
                                      request.create == CreateTarget::yes ? "created" : "changed");
    if (!safety_dump.empty()) {
        outcome += fmt::format("; its safety dump is kept: {}", safety_dump);
    }
    throw base::InterruptedOperation{signal_number, std::move(outcome)};
}

RestoreOutcome restore_in_place(const RestoreJob& job, const RestorePlan& plan) {
    RestoreOutcome outcome;
    const auto secure_target = [&] {
        outcome.safety_dump = take_safety_dump(job).path;
        UndoCommand undo = find_undo_command(job, *outcome.safety_dump);
        outcome.undo_command = std::move(undo.words);
        outcome.undo_leaves = std::move(undo.leaves);
    };
    if (plan.safety_dump) {
        secure_target();
    }
    // Whoever was in the way may have committed rows since.
    const auto prepare_again = [&] {
        if (plan.safety_dump) {
            secure_target();
        }
        return plan.safety_dump || job.approved.tables.empty();
    };
    const auto started = std::chrono::steady_clock::now();
    const auto circumstances =
        RefusalCircumstances{.blockers = {},
                             .lock_timeout = job.request.lock_timeout,
                             .is_part = !job.chosen.whole || !job.part.empty()};
    try {
        outcome.left_out = run_restore_transaction(job, prepare_again);
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
        throw with_safety_dump(explain(error, job.request, circumstances), outcome.safety_dump);
    } catch (const base::Error& error) {
        throw with_safety_dump(error, outcome.safety_dump);
    }
    outcome.duration = elapsed_since(started);
    return outcome;
}

} // namespace dbbackup::ops
