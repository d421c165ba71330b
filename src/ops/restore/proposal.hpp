#pragma once

#include <dbbackup/ops/restore.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// The same restore with `more` flags, as a command that works as printed. Only `more` if the
/// command line is unknown.
[[nodiscard]] std::string propose(const RestoreRequest& request,
                                  const std::vector<std::string>& more);

/// The same without `flags`, only --jobs of which may take a value.
[[nodiscard]] std::string propose_without(const RestoreRequest& request,
                                          const std::vector<std::string>& flags,
                                          const std::vector<std::string>& more = {});

} // namespace dbbackup::ops
