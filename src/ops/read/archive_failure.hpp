#pragma once

#include <dbbackup/base/error.hpp>

#include <chrono>
#include <string>

namespace dbbackup::ops {

/// How long pg_restore may be silent on a file that is known to have changed. A damaged archive can
/// keep it busy forever, for example with a count of billions.
inline constexpr std::chrono::seconds k_patience_with_damage{5};

/// Explains what pg_restore's failure `error` to read the archive `path` means for it: throws
/// base::Error{damaged}, or {failed} if it is not the archive's fault.
[[noreturn]] void throw_archive_failure(const base::Error& error, const std::string& path);

} // namespace dbbackup::ops
