#pragma once

#include <dbbackup/ops/prune.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <set>
#include <string>

namespace dbbackup::ops {

/// prune() for a caller that holds the locks of `databases`, or needs none for a dry run. Dumps of
/// any other database stay, as held.
[[nodiscard]] PruneReport prune_locked(const store::DumpDirectory& directory,
                                       const std::set<std::string>& databases,
                                       const PruneRequest& request, Listener& listener,
                                       base::UtcTime now);

} // namespace dbbackup::ops
