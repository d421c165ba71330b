#pragma once

#include <dbbackup/base/calendar_span.hpp>
#include <dbbackup/base/clock.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::store {

/// Which dumps of each database to keep. A dump that any rule keeps is kept.
///
/// `hourly` to `yearly` go by the UTC calendar, weeks by ISO 8601 (from Monday). A rule of N keeps
/// the newest dump of each of the last N hours, days … that have a dump: those without one do not
/// count. restic does the same, but it also keeps the oldest snapshot if a rule has places left.
struct RetentionPolicy {
    unsigned last = 0; ///< the N newest
    unsigned hourly = 0;
    unsigned daily = 0;
    unsigned weekly = 0;
    unsigned monthly = 0;
    unsigned yearly = 0;
    /// All that were started this long before now or later.
    std::optional<base::CalendarSpan> within;
    /// All safety dumps that were started this long before now or later. Not a rule by itself: it
    /// only keeps dumps that the rules would remove.
    std::optional<base::CalendarSpan> safety = std::nullopt;
};

/// Whether some rule of the policy keeps something.
[[nodiscard]] bool has_rules(const RetentionPolicy& policy);

/// Throws base::Error{usage} for a policy without rules, or with rules that keep nothing.
void require_usable(const RetentionPolicy& policy);

/// Why a dump is kept. Those before `last` apply under every policy.
enum class KeepReason {
    foreign, ///< dbbackup may not have written it: find_foreign(); never touched
    held,    ///< another run is using it
    /// Its database is perhaps no longer the one that was dumped before: ops::find_losses().
    held_after_loss,
    pinned, ///< by `pin` or `dump --pin`
    future, ///< started after now, by some clock: kept until then
    // The newest of its series; if that is a safety dump, also the newest other one.
    newest,
    newest_sound,    ///< of those not found damaged; not reported for one that is `newest`
    newest_verified, ///< of those that are sound and were verified
    newest_proven,   ///< of those that are sound and were proven
    last,
    hourly,
    daily,
    weekly,
    monthly,
    yearly,
    within,
    safety,  ///< a safety dump that is younger than `RetentionPolicy::safety`
    arrived, ///< at a remote, more recently than RemoteSettings::keep_at_least; not by plan_prune()
    in_set,  ///< in a set that is kept because of another reason or another of its dumps:
             ///< keep_sets()
};

/// As in JSON: "newest_sound".
[[nodiscard]] std::string_view name_of(KeepReason reason) noexcept;

struct PruneCandidate {
    DumpEntry dump;
    bool is_held = false;       ///< another run is using it
    bool is_after_loss = false; ///< something of its database may be lost: it must not go now
};

struct PruneDecision {
    DumpEntry dump;
    std::vector<KeepReason> reasons; ///< all that apply, in the order of KeepReason
    std::string kept_set = {};       ///< the set of KeepReason::in_set

    /// A dump without a reason is to be removed.
    [[nodiscard]] bool is_kept() const noexcept { return !reasons.empty(); }
};

/// Why dbbackup may not have written this very file for the users of this directory ("its manifest
/// is of 'NAME'", safe to show): it or its manifest is an untrusted user's, there is no readable
/// manifest, or the manifest is of a file with another name or size. Nothing if dbbackup wrote it.
[[nodiscard]] std::optional<std::string> find_foreign(const DumpEntry& dump);

/// What to do with each of `dumps`, in their order, according to their manifests. Each Series is
/// judged by itself; in a series, the later start is newer, or else the greater name. The caller
/// handles files, locks and clocks.
///
/// Only *regular* dumps count: those that are sound (DumpEntry::problem is empty), no safety dumps
/// and not dated in the future. Any other is judged as if it alone were added to the regular ones.
/// It takes no place from them, and is kept as long as a regular one in its place would be: those
/// newer than the newest regular one stay until enough regular ones follow.
///
/// Throws like require_usable().
[[nodiscard]] std::vector<PruneDecision>
plan_prune(std::vector<PruneCandidate> dumps, const RetentionPolicy& policy, base::UtcTime now);

} // namespace dbbackup::store
