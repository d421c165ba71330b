#pragma once

#include "ops/remote/copy_listing.hpp"

#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/remote.hpp>

#include <string>

namespace dbbackup::ops {

/// read_remote(), but manifests and notes that were read before come from the file
/// `.remote-NAME.cache.json` of the dump directory: they never change. For what only looks; whoever
/// decides or proves something reads the remote. A cache that cannot be read or written is as good
/// as none. Throws as store::Remote does.
[[nodiscard]] RemoteContent read_remote_cached(store::Remote& remote, const std::string& name,
                                               const store::DumpDirectory& directory);

} // namespace dbbackup::ops
