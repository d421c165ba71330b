#pragma once

#include <dbbackup/ops/restore.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// The restore again, with `more` flags, as a command that works as printed. Only `more` if nobody
/// knows the command line.
[[nodiscard]] std::string propose(const RestoreRequest& request,
                                  const std::vector<std::string>& more);

} // namespace dbbackup::ops
