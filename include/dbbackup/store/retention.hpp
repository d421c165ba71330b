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
/// `hourly` to `yearly` go by the UTC calendar, weeks by ISO 8601 (from Monday). Each keeps the
/// newest dump of each of the so many latest hours, days … that have a dump: those without one do
/// not count, so time in which no dump was taken uses nothing up. As restic does it, but for
/// restic's oldest snapshot, which it keeps where a rule has places left.
struct RetentionPolicy {
    unsigned last = 0; ///< the so many newest
    unsigned hourly = 0;
    unsigned daily = 0;
    unsigned weekly = 0;
    unsigned monthly = 0;
    unsigned yearly = 0;
    /// All that were started so long before now or later.
    std::optional<base::CalendarSpan> within;
    /// All safety dumps that were started so long before now or later. By itself no rule: it only
    /// keeps what a rule would let go.
    std::optional<base::CalendarSpan> safety = std::nullopt;
};

/// Throws base::Error{usage} for a policy that has no rule, or only such as keep nothing.
void require_usable(const RetentionPolicy& policy);

/// Why a dump is kept. Those before `last` hold under every policy.
enum class KeepReason {
    foreign, ///< dbbackup may not have written it, says find_foreign(); never touched
    held,    ///< another run is at work on it
    pinned,  ///< by `pin` or `dump --pin`
    future,  ///< started after now, by some clock: it waits for its time
    // The newest of its series, and where that is a safety dump, also the newest that is none.
    newest,
    newest_sound,    ///< of those not found damaged; not told of one that is `newest`
    newest_verified, ///< of those that are sound and were verified
    newest_proven,   ///< of those that are sound and were proven
    last,
    hourly,
    daily,
    weekly,
    monthly,
    yearly,
    within,
    safety, ///< a safety dump that is younger than `RetentionPolicy::safety`
};

/// As JSON has it: "newest_sound".
[[nodiscard]] std::string_view name_of(KeepReason reason) noexcept;

struct PruneCandidate {
    DumpEntry dump;
    bool is_held = false; ///< another run is at work on it
};

struct PruneDecision {
    DumpEntry dump;
    std::vector<KeepReason> reasons; ///< all that hold, in the order of KeepReason

    /// What no reason keeps is to be removed.
    [[nodiscard]] bool is_kept() const noexcept { return !reasons.empty(); }
};

/// Why nothing shows that dbbackup wrote this very file, for whom this directory is ("its manifest
/// is of 'NAME'", safe to show): it or its manifest is a stranger's, there is no manifest that can
/// be read, or it is of a file of another name or size. Nothing if it did.
[[nodiscard]] std::optional<std::string> find_foreign(const DumpEntry& dump);

/// What to do with each of `dumps`, in their order, by what their manifests say: each Series is
/// judged by itself, and within one the later start is the newer, or else the greater name. Files,
/// locks and clocks are the caller's.
///
/// Only *regular* dumps count: those that are sound (DumpEntry::problem is empty), no safety dumps
/// and not of the future. Any other is judged as if it alone stood among the regular ones: it
/// takes no place from them, and stays as long as a regular one in its place would: all those that
/// are newer than the newest regular one stay until enough regular ones have come after them.
///
/// Throws as require_usable() does.
[[nodiscard]] std::vector<PruneDecision>
plan_prune(std::vector<PruneCandidate> dumps, const RetentionPolicy& policy, base::UtcTime now);

} // namespace dbbackup::store
