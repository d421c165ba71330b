#include "ops/loss/record_own_restore.hpp"
#include "ops/restore/commit_restore.hpp"
#include "ops/restore/prepare_restore.hpp"
#include "ops/restore/restore_in_place.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/interrupted_operation.hpp>
#include <dbbackup/ops/restore.hpp>

namespace dbbackup::ops {

namespace {

/// Runs `steps`; on a signal, reports that the target was not changed, unless they report more.
template <typename Steps>
auto until_interrupted(const RestoreRequest& request, const Context& context, Steps steps) {
    warn_of_url(request.connection, context.listener);
    try {
        return steps();
    } catch (const base::InterruptedOperation&) {
        throw;
    } catch (const base::Interrupted& interrupted) {
        throw_interrupted(request, interrupted.signal_number(), {});
    }
}

} // namespace

RestorePlan plan_restore(const RestoreRequest& request, const Context& context) {
    return until_interrupted(request, context, [&] {
        return prepare_restore(
                   request, [] {}, context)
            .plan;
    });
}

RestoreReport restore(const RestoreRequest& request, Approver& approver, const Context& context) {
    return until_interrupted(request, context, [&]() -> RestoreReport {
        const PreparedRestore prepared = prepare_restore(
            request, [&approver] { approver.require_somebody(); }, context);
        approver.require_approval(prepared.plan);
        RestoreReport report{.plan = prepared.plan, .outcome = commit_restore(prepared, context)};
        record_own_restore(prepared, context);
        return report;
    });
}

} // namespace dbbackup::ops
