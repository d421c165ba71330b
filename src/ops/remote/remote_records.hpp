#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace dbbackup::ops {

/// What this machine knows of a remote, in the file `.remote-NAME.json` of the dump directory
/// (docs/files.md): which notes it wrote there, and when it first saw each copy.
struct RemoteRecords {
    std::set<std::string> own_notes;
    std::map<std::string, base::UtcTime> first_seen; ///< by name and identity of the copy

    bool operator==(const RemoteRecords&) const = default;
};

/// The records about the remote `name`; none if there are none yet, or another user owns them.
/// Throws base::Error{failed} if they cannot be read.
[[nodiscard]] RemoteRecords read_records(const store::DumpDirectory& directory,
                                         const std::string& name);

/// Replaces them. Throws base::Error.
void write_records(const store::DumpDirectory& directory, const std::string& name,
                   const RemoteRecords& records);

} // namespace dbbackup::ops
