#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dbbackup::sys {

/// Names of all entries of the directory at `path`, in no particular order; none if it does not
/// exist or we may not read it. Throws base::SystemError on any other error.
[[nodiscard]] std::vector<std::string> names_in(const std::filesystem::path& path);

} // namespace dbbackup::sys
