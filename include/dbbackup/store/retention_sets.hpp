#pragma once

#include <dbbackup/store/dump_set.hpp>
#include <dbbackup/store/retention.hpp>

#include <set>
#include <string>
#include <vector>

namespace dbbackup::store {

/// What to do with one set.
struct SetDecision {
    SetEntry entry;
    bool is_kept = true;
    /// Why, safe to print: the first of its dumps that is kept for a reason of its own, or what is
    /// wrong with the set. Empty if it is to be removed.
    std::string reason;
};

/// A set stays while a dump in it is kept for a reason of its own, or is one that nobody decides on
/// now: `others`, the ids of the other dumps in the directory. Then all its dumps stay, with the
/// reason `in_set`. Foreign dumps keep no set, and a set that cannot be read is never removed.
///
/// Pure. Changes `decisions`, which plan_prune() made; the result is in the order of `sets`.
[[nodiscard]] std::vector<SetDecision> keep_sets(std::vector<PruneDecision>& decisions,
                                                 std::vector<SetEntry> sets,
                                                 const std::set<std::string>& others);

} // namespace dbbackup::store
