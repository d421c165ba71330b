#include <dbbackup/base/text.hpp>
#include <dbbackup/store/retention_sets.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace dbbackup::store {

namespace {

/// The dumps of a set that are there, by what its entries say.
class Members {
public:
    explicit Members(std::vector<PruneDecision>& decisions) {
        for (PruneDecision& decision : decisions) {
            const bool has_id =
                !find_foreign(decision.dump) && !decision.dump.manifest->dump_id.empty();
            if (has_id) {
                by_name_[decision.dump.name] = &decision;
            }
        }
    }

    [[nodiscard]] std::vector<PruneDecision*> of(const DumpSet& set) const {
        std::vector<PruneDecision*> members;
        const auto add = [&](const DumpSet::Member& dump) {
            const auto found = by_name_.find(dump.file);
            if (found != by_name_.end() && found->second->dump.manifest->dump_id == dump.dump_id) {
                members.push_back(found->second);
            }
        };
        for (const DumpSet::Database& database : set.databases) {
            add(database.dump);
        }
        add(set.globals);
        return members;
    }

private:
    std::map<std::string, PruneDecision*> by_name_;
};

bool is_kept_for_itself(const PruneDecision* decision) {
    return std::ranges::any_of(decision->reasons,
                               [](KeepReason reason) { return reason != KeepReason::in_set; });
}

bool has_member_of(const DumpSet& set, const std::set<std::string>& ids) {
    return ids.contains(set.globals.dump_id) ||
           std::ranges::any_of(set.databases, [&ids](const DumpSet::Database& database) {
               return ids.contains(database.dump.dump_id);
           });
}

/// Why to keep a set, or nothing.
std::string find_reason(const DumpSet& set, const std::vector<PruneDecision*>& members,
                        const std::set<std::string>& others) {
    const auto kept = std::ranges::find_if(members, is_kept_for_itself);
    if (kept != members.end()) {
        return base::printable((*kept)->dump.name) + " is kept";
    }
    return has_member_of(set, others) ? "dumps of other databases are in it" : "";
}

} // namespace

std::vector<SetDecision> keep_sets(std::vector<PruneDecision>& decisions,
                                   std::vector<SetEntry> sets,
                                   const std::set<std::string>& others) {
    const Members members{decisions};
    std::vector<SetDecision> decided;
    for (SetEntry& entry : sets) {
        SetDecision decision{.entry = std::move(entry), .is_kept = true, .reason = {}};
        if (!decision.entry.set) {
            decision.reason = decision.entry.problem;
            decided.push_back(std::move(decision));
            continue;
        }
        const auto of_set = members.of(*decision.entry.set);
        decision.reason = find_reason(*decision.entry.set, of_set, others);
        decision.is_kept = !decision.reason.empty();
        for (PruneDecision* member : of_set) {
            if (decision.is_kept && member->kept_set.empty()) {
                member->kept_set = decision.entry.name;
                member->reasons.push_back(KeepReason::in_set);
            }
        }
        decided.push_back(std::move(decision));
    }
    return decided;
}

} // namespace dbbackup::store
