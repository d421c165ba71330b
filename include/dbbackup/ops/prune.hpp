#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/command_line.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/loss.hpp>
#include <dbbackup/store/dump_series.hpp>
#include <dbbackup/store/leftovers.hpp>
#include <dbbackup/store/retention.hpp>
#include <dbbackup/store/retention_sets.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

enum class DryRun { no, yes };

/// Whether what find_losses() finds is as it should be. Recorded in the newest manifest of each
/// such database.
enum class AcceptLoss { no, yes };

struct PruneRequest {
    std::filesystem::path directory;
    store::RetentionPolicy policy;
    /// Only dumps of databases with this name, on any server; all, if not set.
    std::optional<std::string> database;
    /// Only dumps of this database, whose own name `database` must be.
    std::optional<store::NamedDatabase> named = std::nullopt;
    /// Only dumps of these series; all, if empty.
    std::vector<store::Series> series;
    DryRun dry_run = DryRun::no;
    /// If yes, `policy` may be without rules: then nothing is removed.
    AcceptLoss accept_loss = AcceptLoss::no;
    LossLimits loss_limits = {};
    base::CommandLine command_line = {}; ///< for hints
};

struct PruneReport {
    std::filesystem::path directory;
    std::optional<std::string> database; ///< of the request
    base::UtcTime now;
    std::vector<store::PruneDecision> decisions; ///< newest first
    std::vector<store::Leftover> leftovers;      ///< that were removed too
    std::vector<store::SetDecision> sets;        ///< newest first
    std::vector<std::string> irregular; ///< names like dumps', but of links and so on: left alone
    bool dry_run = false;
    std::vector<Loss> losses = {};       ///< whose databases are held back
    std::vector<Loss> accepted = {};     ///< or would be, in a dry run
    bool has_rules = true;               ///< without any, only losses were accepted
    base::CommandLine command_line = {}; ///< of the request

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
/// removed. What find_losses() finds holds all dumps of that database back.
[[nodiscard]] PruneReport prune(const PruneRequest& request, const Context& context);

} // namespace dbbackup::ops
