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
    /// Only dumps of databases with this name, on any server; all, if not set.
    std::optional<std::string> database;
    /// Only dumps of this database, whose own name `database` must be.
    std::optional<store::NamedDatabase> named = std::nullopt;
    /// Only dumps of this one series.
    std::optional<store::Series> series;
    DryRun dry_run = DryRun::no;
};

struct PruneReport {
    std::filesystem::path directory;
    std::optional<std::string> database; ///< of the request
    base::UtcTime now;
    std::vector<store::PruneDecision> decisions; ///< newest first
    std::vector<store::Leftover> leftovers;      ///< that were removed too
    std::vector<std::string> irregular; ///< names like dumps', but of links and so on: left alone
    bool dry_run = false;

    [[nodiscard]] std::size_t removed() const noexcept; ///< dumps
    /// Of the dumps and leftovers that were, or would be, removed.
    [[nodiscard]] std::uint64_t bytes_freed() const noexcept;
};

/// Removes the dumps that no rule keeps, each with its manifest, and the leftovers of killed dumps
/// and prunes. Holds the lock of each database whose files it may remove. What changed after the
/// decision stays, with a warning. Throws base::Error{usage} for a policy that keeps nothing or a
/// name that is too long for a database; {locked}, with nothing removed, if a dump or another prune
/// is running; {failed}, after removing all others, if some could not be removed, with a warning
/// for each; and base::Interrupted between two dumps, after a warning that says how many were
/// removed.
[[nodiscard]] PruneReport prune(const PruneRequest& request, const Context& context);

} // namespace dbbackup::ops
