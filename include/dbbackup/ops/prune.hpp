#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/dump_series.hpp>
#include <dbbackup/store/leftovers.hpp>
#include <dbbackup/store/retention.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

enum class DryRun { no, yes };

struct PruneRequest {
    std::filesystem::path directory;
    store::RetentionPolicy policy;
    /// Only dumps of databases of that name, on whatever server; all where there is none.
    std::optional<std::string> database;
    /// Only dumps of this one series.
    std::optional<store::Series> series;
    DryRun dry_run = DryRun::no;
};

struct PruneReport {
    std::filesystem::path directory;
    std::optional<std::string> database; ///< of the request
    base::UtcTime now;
    std::vector<store::PruneDecision> decisions; ///< newest first
    std::vector<store::Leftover> leftovers;      ///< that went too
    std::vector<std::string> irregular; ///< names as of dumps, of links and the like: left alone
    bool dry_run = false;

    [[nodiscard]] std::size_t removed() const noexcept; ///< dumps
    /// Of the dumps and leftovers that are, or would be, removed.
    [[nodiscard]] std::uint64_t bytes_freed() const noexcept;
};

/// Removes the dumps that no rule keeps, each with its manifest, and what dumps and prunes that
/// were killed have left. Holds the lock of each database whose files it may remove. What has
/// changed since it was decided stays, with a warning. Throws base::Error{usage} for a policy that
/// keeps nothing or a name that is too long for a database, {locked} where a dump or another prune
/// is under way, with nothing removed; {failed}, once all others are gone, where some could not be
/// removed, each told by a warning; and base::Interrupted between two dumps, after a warning that
/// says how many are gone.
[[nodiscard]] PruneReport prune(const PruneRequest& request, const Context& context);

} // namespace dbbackup::ops
