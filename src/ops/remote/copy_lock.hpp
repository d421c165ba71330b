#pragma once

#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/sys/file_lock.hpp>

#include <optional>
#include <string>

namespace dbbackup::ops {

/// Held while the file `copy_name` is written to a remote, in the dump directory here: two runs
/// that seal one dump make two files, and only one of them fits the manifest that comes last.
/// Nothing if another run holds it.
[[nodiscard]] std::optional<sys::FileLock> try_lock_copy(const store::DumpDirectory& directory,
                                                         const std::string& remote,
                                                         const std::string& copy_name);

} // namespace dbbackup::ops
