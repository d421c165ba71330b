// Random dumps and rules against a second implementation, slow and written the other way round.
// DBBACKUP_TEST_LONG tries two million.

#include "retention_model.hpp"

#include <algorithm>
#include <cstdlib>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

bool keeps_nothing(const RetentionPolicy& policy) {
    return policy.last + policy.hourly + policy.daily + policy.weekly + policy.monthly +
                   policy.yearly ==
               0 &&
           (!policy.within || policy.within->is_zero());
}

/// Promise 4, for the outcome alone: for each removed dump, a newer one of its database with each
/// of its qualities was kept, and none that must never be deleted was removed.
void require_promise(const std::vector<store::PruneDecision>& plan,
                     const std::vector<store::PruneCandidate>& dumps, UtcTime now) {
    for (std::size_t i = 0; i < plan.size(); ++i) {
        if (plan[i].is_kept()) {
            continue;
        }
        const DumpEntry& removed = plan[i].dump;
        REQUIRE_FALSE(Model::is_foreign(removed));
        REQUIRE_FALSE(dumps[i].is_held);
        REQUIRE_FALSE(removed.manifest->pinned);
        REQUIRE(removed.manifest->dump.started_at <= now);
        for (const auto quality :
             {&Model::exists, &Model::is_sound, &Model::is_verified, &Model::is_proven}) {
            const bool is_covered = std::ranges::any_of(plan, [&](const auto& other) {
                return other.is_kept() && !Model::is_foreign(other.dump) && quality(other.dump) &&
                       other.dump.manifest->database == removed.manifest->database &&
                       Model::is_part(*other.dump.manifest) == Model::is_part(*removed.manifest) &&
                       (removed.manifest->dump.safety || !other.dump.manifest->dump.safety) &&
                       other.dump.manifest->dump.started_at <= now &&
                       other.dump.manifest->dump.started_at >= removed.manifest->dump.started_at;
            });
            REQUIRE((is_covered || !quality(removed)));
        }
    }
}

} // namespace

TEST_CASE("random sets of dumps are decided as in a slow and obvious model", "[slow]") {
    const unsigned sets = std::getenv("DBBACKUP_TEST_LONG") == nullptr ? 5'000 : 2'000'000;
    std::size_t kept = 0;
    std::size_t removed = 0;
    for (unsigned seed = 1; seed <= sets; ++seed) {
        const RandomSet set{seed};
        if (keeps_nothing(set.policy)) {
            continue;
        }
        const auto plan = plan_prune(set.dumps, set.policy, set.now);
        REQUIRE(plan.size() == set.dumps.size());
        const Model model{set};
        for (std::size_t i = 0; i < plan.size(); ++i) {
            std::set<std::string> reasons;
            for (const store::KeepReason reason : plan[i].reasons) {
                reasons.emplace(name_of(reason));
            }
            const bool is_same = plan[i].dump.name == set.dumps[i].dump.name &&
                                 reasons.size() == plan[i].reasons.size() &&
                                 std::ranges::is_sorted(plan[i].reasons) &&
                                 reasons == model.reasons(set.dumps[i]);
            if (!is_same) {
                FAIL("seed " << seed << ", dump " << i);
            }
            ++(plan[i].is_kept() ? kept : removed);
        }
        require_promise(plan, set.dumps, set.now);
    }
    INFO("kept " << kept << ", removed " << removed);
    CHECK(kept > sets);
    CHECK(removed > sets / 2);
}
