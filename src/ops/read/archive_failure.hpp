#pragma once

#include <dbbackup/base/error.hpp>

#include <string>

namespace dbbackup::ops {

/// Explains what pg_restore's failure `error` to read the archive `path` means for it: throws
/// base::Error{damaged}, or {failed} if it is not the archive's fault.
[[noreturn]] void throw_archive_failure(const base::Error& error, const std::string& path);

} // namespace dbbackup::ops
