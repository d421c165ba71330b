#include "ops/restore/commit_restore.hpp"
#include "ops/restore/prepare_restore.hpp"
#include "ops/restore/restore_in_place.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/interrupted_deed.hpp>
#include <dbbackup/ops/restore.hpp>

namespace dbbackup::ops {

namespace {

/// Runs `steps`; of a signal it tells that the target was not changed, unless they say more.
template <typename Steps>
auto until_interrupted(const RestoreRequest& request, Listener& listener, Steps steps) {
    warn_of_url(request.connection, listener);
    try {
        return steps();
    } catch (const base::InterruptedDeed&) {
        throw;
    } catch (const base::Interrupted& interrupted) {
        throw_interrupted(request, interrupted.signal_number(), {});
    }
}

} // namespace

RestorePlan plan_restore(const RestoreRequest& request, Listener& listener,
                         const base::Clock& clock) {
    return until_interrupted(request, listener, [&] {
        return prepare_restore(
                   request, [] {}, listener, clock)
            .plan;
    });
}

RestoreReport restore(const RestoreRequest& request, Approver& approver, Listener& listener,
                      const base::Clock& clock) {
    return until_interrupted(request, listener, [&]() -> RestoreReport {
        const PreparedRestore prepared = prepare_restore(
            request, [&approver] { approver.require_somebody(); }, listener, clock);
        approver.require_approval(prepared.plan);
        return {.plan = prepared.plan, .outcome = commit_restore(prepared, listener, clock)};
    });
}

} // namespace dbbackup::ops
