#pragma once

#include "ops/restore/restore_transaction.hpp"

#include <dbbackup/ops/restore.hpp>

#include <string>

namespace dbbackup::ops {

/// Restores into the target itself, in one transaction, after a safety dump if the plan has one.
/// Throws base::Error with a hint that names the safety dump, which stays.
[[nodiscard]] RestoreOutcome restore_in_place(const RestoreJob& job, const RestorePlan& plan);

/// Reports the state after a signal. After the commit, signals are ignored.
[[noreturn]] void throw_interrupted(const RestoreRequest& request, int signal_number,
                                    const std::string& safety_dump);

} // namespace dbbackup::ops
