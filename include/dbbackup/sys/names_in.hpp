#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dbbackup::sys {

/// Names of all that is in the directory at `path`, in no order; none if it is not there or not for
/// us to read. Throws base::SystemError if it cannot be told.
[[nodiscard]] std::vector<std::string> names_in(const std::filesystem::path& path);

} // namespace dbbackup::sys
