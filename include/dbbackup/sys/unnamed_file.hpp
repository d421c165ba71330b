#pragma once

#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/fd.hpp>

namespace dbbackup::sys {

/// A temporary file without a name, in TMPDIR or /tmp, for reading and writing: only this process
/// has it, and it is gone when it is closed. Throws base::Error.
[[nodiscard]] Fd make_unnamed_file();

/// The same in `directory`.
[[nodiscard]] Fd make_unnamed_file(const Directory& directory);

} // namespace dbbackup::sys
