#pragma once

#include "ops/status/status_warnings.hpp"

#include <dbbackup/ops/status.hpp>

namespace dbbackup::ops {

/// Judges one database by all its dumps with a manifest; there is at least one. The caller handles
/// leftovers.
[[nodiscard]] DatabaseStatus judge_database(const Dumps& dumps, const StatusLimits& limits,
                                            base::UtcTime now,
                                            const base::CommandLine& command_line = {});

} // namespace dbbackup::ops
