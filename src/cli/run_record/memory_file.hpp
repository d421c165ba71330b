#pragma once

#include <dbbackup/sys/fd.hpp>

#include <string_view>

namespace dbbackup::cli {

/// A file in memory with that content, to be a child's stdin: it is in no file system, and unlike a
/// pipe it does not mind a child that never reads. Throws base::Error.
[[nodiscard]] sys::Fd make_memory_file(std::string_view content);

} // namespace dbbackup::cli
