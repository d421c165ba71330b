#pragma once

#include <dbbackup/ops/prune.hpp>

#include <vector>

namespace dbbackup::ops {

/// What find_losses() finds in `dumps`, for the report of a prune: divided into what the request
/// accepts and what holds dumps back.
void judge_losses(const std::vector<store::DumpEntry>& dumps, const PruneRequest& request,
                  PruneReport& report);

/// Whether one of `losses` holds the dump back.
[[nodiscard]] bool is_after_loss(const std::vector<Loss>& losses, const store::DumpEntry& dump);

/// The plan, or no decisions if the request has no rule but only accepts losses.
[[nodiscard]] std::vector<store::PruneDecision>
plan_unless_only_accepting(std::vector<store::PruneCandidate> candidates,
                           const PruneRequest& request, base::UtcTime now);

} // namespace dbbackup::ops
