#include "ops/loss/held_back.hpp"

#include <algorithm>
#include <utility>

namespace dbbackup::ops {

namespace {

bool is_wanted(const PruneRequest& request, const store::Identity& identity) {
    if (!request.series.empty()) {
        return std::ranges::any_of(request.series, [&identity](const store::Series& series) {
            return series.identity == identity;
        });
    }
    return (!request.database || identity.database == *request.database) &&
           (!request.named || request.named->is_it(identity));
}

} // namespace

void judge_losses(const std::vector<store::DumpEntry>& dumps, const PruneRequest& request,
                  PruneReport& report) {
    for (Loss& loss : find_losses(dumps, request.loss_limits, report.now)) {
        if (is_wanted(request, loss.identity)) {
            auto& place = request.accept_loss == AcceptLoss::yes ? report.accepted : report.losses;
            place.push_back(std::move(loss));
        }
    }
}

bool is_after_loss(const std::vector<Loss>& losses, const store::DumpEntry& dump) {
    return dump.manifest && find_loss_of(losses, store::identity_of(*dump.manifest)) != nullptr;
}

std::vector<store::PruneDecision>
plan_unless_only_accepting(std::vector<store::PruneCandidate> candidates,
                           const PruneRequest& request, base::UtcTime now) {
    if (request.accept_loss == AcceptLoss::yes && !store::has_rules(request.policy)) {
        return {};
    }
    return store::plan_prune(std::move(candidates), request.policy, now);
}

} // namespace dbbackup::ops
