#pragma once

#include <dbbackup/pg/client_tools.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace dbbackup::ops {

/// The installed PostgreSQL for a throwaway server of version `major` or later: the lowest that
/// qualifies; the newest if `major` is 0. `bin_dir` is searched first. Throws base::Error{failed}
/// that names the package to install.
[[nodiscard]] pg::ClientTools
choose_server_binaries(const std::optional<std::filesystem::path>& bin_dir,
                       const std::string& path_variable, int major);

/// A hint: the package with a server of version `major`, 0 for any, and --scratch-url.
[[nodiscard]] std::string how_to_get_server(int major);

} // namespace dbbackup::ops
