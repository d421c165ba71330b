#pragma once

#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/remote.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What is at a remote.
struct CopyListing {
    /// The files with a manifest, newest first, with what notes say of them.
    std::vector<store::DumpEntry> copies;
    std::vector<store::RemoteFile> files; ///< all, with other names too

    [[nodiscard]] const store::RemoteFile* find_file(const std::string& name) const;
    [[nodiscard]] const store::DumpEntry* find_copy(const std::string& name) const;
    /// The copy of the dump with that identity (store::identity_of_dump): a good one, if there is.
    [[nodiscard]] const store::DumpEntry* find_same(const std::string& identity) const;
    /// Files that are no copy yet, or no longer: dumps without a manifest, hidden uploads, and
    /// notes on what is gone.
    [[nodiscard]] std::vector<store::RemoteFile> unfinished() const;
    /// Manifests whose dump is gone.
    [[nodiscard]] std::vector<std::string> lost() const;
};

/// What was read of a remote.
struct RemoteContent {
    std::vector<store::RemoteFile> files;
    std::map<std::string, std::string> records; ///< manifests and notes by name
};

/// Lists a remote and reads its manifests and notes. Throws as store::Remote does.
[[nodiscard]] RemoteContent read_remote(store::Remote& remote);

/// The manifests and notes among `files`, by name: a file that is too large is neither.
[[nodiscard]] std::vector<store::RemoteFile>
records_in(const std::vector<store::RemoteFile>& files);

/// Whose notes may take protection away from a copy; those of others only add some.
using TrustsNote = std::function<bool(const std::string& note_name)>;

/// Pure: the copies in `content`.
[[nodiscard]] CopyListing list_copies(const RemoteContent& content, const TrustsNote& trusts);

/// The same with all notes, for showing.
[[nodiscard]] CopyListing list_copies(store::Remote& remote);

} // namespace dbbackup::ops
