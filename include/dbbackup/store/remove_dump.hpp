#pragma once

#include <dbbackup/store/dump_directory.hpp>

#include <string>

namespace dbbackup::store {

enum class Removal {
    done,
    changed, ///< it changed after the decision, and stays
    in_use,  ///< another run is reading it, and it stays
};

/// Removes a dump and its manifest. `decided_on`, with its manifest, is the state that the decision
/// is based on: a dump that was pinned, verified or replaced since then stays. The dump first gets
/// a hidden name, from which the next run knows to remove its manifest too: so at any moment the
/// dump exists with its manifest, or is gone. Durable after sys::Directory::sync(). The caller
/// holds the database's lock. Throws base::Error; if the manifest cannot be removed, the dump gets
/// its name back.
Removal remove_dump(const DumpDirectory& directory, const DumpEntry& decided_on);

/// The hidden name of the dump `name` while it is being removed.
[[nodiscard]] std::string removed_name_of(const std::string& name);

} // namespace dbbackup::store
