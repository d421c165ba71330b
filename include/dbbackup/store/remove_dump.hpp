#pragma once

#include <dbbackup/store/dump_directory.hpp>

#include <string>

namespace dbbackup::store {

enum class Removal {
    done,
    changed, ///< it is no longer what the decision was made by, and stays
    in_use,  ///< another run reads it, and it stays
};

/// Removes a dump and its manifest. `decided_on`, with its manifest, is what the decision was made
/// by: a dump that was pinned, verified or replaced meanwhile stays. The dump first gets a hidden
/// name, by which the next run knows that its manifest is to go too: so at any moment the dump is
/// there with its manifest, or gone. Durable after sys::Directory::sync(). The caller holds the
/// database's lock. Throws base::Error; if the manifest cannot be removed, the dump has its name
/// again.
Removal remove_dump(const DumpDirectory& directory, const DumpEntry& decided_on);

/// The hidden name of the dump `name` while it is being removed.
[[nodiscard]] std::string removed_name_of(const std::string& name);

} // namespace dbbackup::store
