#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_series.hpp>
#include <dbbackup/store/retention.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace dbbackup::store {

namespace {

using Group = std::vector<PruneDecision*>;

bool is_foreign(const DumpEntry& dump) {
    return find_foreign(dump).has_value();
}

bool is_sound(const DumpEntry& dump) {
    return dump.problem.empty();
}

bool is_safety(const DumpEntry& dump) {
    return dump.manifest->dump.safety;
}

bool is_any(const DumpEntry& /*dump*/) {
    return true;
}

bool is_verified(const DumpEntry& dump) {
    return is_sound(dump) && dump.manifest->last_verified();
}

bool is_proven(const DumpEntry& dump) {
    return is_sound(dump) && dump.manifest->last_proven();
}

bool newer(const PruneDecision* a, const PruneDecision* b) {
    const base::UtcTime time_a = a->dump.manifest->dump.started_at;
    const base::UtcTime time_b = b->dump.manifest->dump.started_at;
    return time_a != time_b ? time_a > time_b : a->dump.name > b->dump.name;
}

std::int64_t hour_of(base::UtcTime time) {
    return std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count();
}

std::int64_t day_of(base::UtcTime time) {
    return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

/// Counts ISO weeks across years: 1970-01-01 was the fourth day of one.
std::int64_t week_of(base::UtcTime time) {
    return std::chrono::floor<std::chrono::weeks>(time + std::chrono::days{3})
        .time_since_epoch()
        .count();
}

std::chrono::year_month_day date_of(base::UtcTime time) {
    return std::chrono::floor<std::chrono::days>(time);
}

std::int64_t year_of(base::UtcTime time) {
    return int{date_of(time).year()};
}

std::int64_t month_of(base::UtcTime time) {
    return year_of(time) * 12 + static_cast<int>(unsigned{date_of(time).month()});
}

/// One rule, applied to a group from the newest dump to the oldest.
class PlacesRule {
public:
    using Period = std::int64_t (*)(base::UtcTime);

    /// Without a `period`, every dump is its own period.
    PlacesRule(KeepReason reason, unsigned places, Period period)
        : reason_(reason), places_(places), period_(period) {}

    [[nodiscard]] KeepReason reason() const { return reason_; }

    [[nodiscard]] bool keeps(base::UtcTime time) const {
        return places_ > 0 && !(taken_ && *taken_ == period_(time));
    }

    void count(base::UtcTime time) {
        if (keeps(time)) {
            --places_;
            taken_ = period_ != nullptr ? std::optional{period_(time)} : std::nullopt;
        }
    }

private:
    KeepReason reason_;
    unsigned places_;
    Period period_;
    std::optional<std::int64_t> taken_;
};

/// Marks the first of `newest_first` that is `wanted`, and the first of these that is not a safety
/// dump.
void keep_newest(const Group& newest_first, KeepReason reason, bool (*wanted)(const DumpEntry&)) {
    bool is_found = false;
    for (PruneDecision* decision : newest_first) {
        if (!wanted(decision->dump) || (is_found && is_safety(decision->dump))) {
            continue;
        }
        is_found = true;
        const bool goes_without_saying =
            reason == KeepReason::newest_sound &&
            std::ranges::count(decision->reasons, KeepReason::newest) > 0;
        if (!goes_without_saying) {
            decision->reasons.push_back(reason);
        }
        if (!is_safety(decision->dump)) {
            return;
        }
    }
}

/// Copies of one dump, one of them sealed for example: together they count once.
bool is_same_dump(const DumpEntry& a, const DumpEntry& b) {
    return !a.manifest->dump_id.empty() && a.manifest->dump_id == b.manifest->dump_id;
}

/// The oldest start time that is kept by age; nothing if there is no such rule.
std::optional<base::UtcTime> oldest_of(const std::optional<base::CalendarSpan>& span,
                                       base::UtcTime now) {
    return span && !span->is_zero() ? std::optional{base::moment_before(now, *span)} : std::nullopt;
}

void apply_rules(const Group& newest_first, const RetentionPolicy& policy, base::UtcTime now) {
    std::array rules{
        PlacesRule{KeepReason::last, policy.last, nullptr},
        PlacesRule{KeepReason::hourly, policy.hourly, hour_of},
        PlacesRule{KeepReason::daily, policy.daily, day_of},
        PlacesRule{KeepReason::weekly, policy.weekly, week_of},
        PlacesRule{KeepReason::monthly, policy.monthly, month_of},
        PlacesRule{KeepReason::yearly, policy.yearly, year_of},
    };
    const auto oldest_within = oldest_of(policy.within, now);
    const auto oldest_safety = oldest_of(policy.safety, now);
    const PruneDecision* counted = nullptr; ///< the last that took places
    for (PruneDecision* decision : newest_first) {
        const base::UtcTime time = decision->dump.manifest->dump.started_at;
        const bool is_regular = is_sound(decision->dump) && !is_safety(decision->dump);
        const bool is_counted = counted != nullptr && is_same_dump(counted->dump, decision->dump);
        for (PlacesRule& rule : rules) {
            if (is_counted ? std::ranges::count(counted->reasons, rule.reason()) > 0
                           : rule.keeps(time)) {
                decision->reasons.push_back(rule.reason());
            }
            if (is_regular && !is_counted) {
                rule.count(time);
            }
        }
        if (is_regular && !is_counted) {
            counted = decision;
        }
        if (oldest_within && time >= *oldest_within) {
            decision->reasons.push_back(KeepReason::within);
        }
        if (oldest_safety && is_safety(decision->dump) && time >= *oldest_safety) {
            decision->reasons.push_back(KeepReason::safety);
        }
    }
}

/// The dumps that the policy applies to; also marks those that every policy keeps.
std::map<Series, Group> group_own(std::vector<PruneDecision>& decisions, base::UtcTime now) {
    std::map<Series, Group> groups;
    for (PruneDecision& decision : decisions) {
        if (is_foreign(decision.dump)) {
            continue;
        }
        const Manifest& manifest = *decision.dump.manifest;
        if (manifest.pinned) {
            decision.reasons.push_back(KeepReason::pinned);
        }
        if (manifest.dump.started_at > now) {
            decision.reasons.push_back(KeepReason::future);
            continue;
        }
        groups[series_of(manifest)].push_back(&decision);
    }
    return groups;
}

std::vector<PruneDecision> undecided(std::vector<PruneCandidate> dumps) {
    std::vector<PruneDecision> decisions;
    decisions.reserve(dumps.size());
    for (PruneCandidate& candidate : dumps) {
        PruneDecision decision{.dump = std::move(candidate.dump), .reasons = {}};
        if (is_foreign(decision.dump)) {
            decision.reasons.push_back(KeepReason::foreign);
        }
        if (candidate.is_held) {
            decision.reasons.push_back(KeepReason::held);
        }
        if (candidate.is_after_loss) {
            decision.reasons.push_back(KeepReason::held_after_loss);
        }
        decisions.push_back(std::move(decision));
    }
    return decisions;
}

} // namespace

bool has_rules(const RetentionPolicy& policy) {
    return policy.last > 0 || policy.hourly > 0 || policy.daily > 0 || policy.weekly > 0 ||
           policy.monthly > 0 || policy.yearly > 0 || (policy.within && !policy.within->is_zero());
}

void require_usable(const RetentionPolicy& policy) {
    if (!has_rules(policy)) {
        throw base::Error{base::ErrorKind::usage, "no rule says which dumps to keep",
                          "Give at least one that keeps something, such as --keep-last 7, "
                          "--keep-daily 14 or --keep-within 30d."};
    }
}

std::string_view name_of(KeepReason reason) noexcept {
    constexpr std::string_view k_names[] = {
        "foreign", "held",         "held_after_loss", "pinned",        "future",
        "newest",  "newest_sound", "newest_verified", "newest_proven", "last",
        "hourly",  "daily",        "weekly",          "monthly",       "yearly",
        "within",  "safety",       "arrived",         "in_set",
    };
    static_assert(std::size(k_names) == static_cast<std::size_t>(KeepReason::in_set) + 1);
    return k_names[static_cast<std::size_t>(reason)];
}

std::optional<std::string> find_foreign(const DumpEntry& dump) {
    if (dump.is_foreign() || !dump.manifest || dump.manifest->file.size != dump.size) {
        return dump.problem;
    }
    if (dump.manifest->file.name != dump.name) {
        return fmt::format("its manifest is of '{}'", base::printable(dump.manifest->file.name));
    }
    return std::nullopt;
}

std::vector<PruneDecision> plan_prune(std::vector<PruneCandidate> dumps,
                                      const RetentionPolicy& policy, base::UtcTime now) {
    require_usable(policy);
    std::vector<PruneDecision> decisions = undecided(std::move(dumps));
    for (auto& [series, group] : group_own(decisions, now)) {
        std::ranges::sort(group, newer);
        keep_newest(group, KeepReason::newest, is_any);
        keep_newest(group, KeepReason::newest_sound, is_sound);
        keep_newest(group, KeepReason::newest_verified, is_verified);
        keep_newest(group, KeepReason::newest_proven, is_proven);
        apply_rules(group, policy, now);
    }
    return decisions;
}

} // namespace dbbackup::store
