#pragma once

#include <dbbackup/ops/prune.hpp>
#include <dbbackup/store/dump_directory.hpp>

namespace dbbackup::ops {

/// prune() for whoever holds the locks of all databases that the request is about.
[[nodiscard]] PruneReport prune_locked(const store::DumpDirectory& directory,
                                       const PruneRequest& request, Listener& listener,
                                       base::UtcTime now);

} // namespace dbbackup::ops
