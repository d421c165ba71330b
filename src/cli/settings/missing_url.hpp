#pragma once

#include "cli/settings/env_file.hpp"

#include <dbbackup/base/error.hpp>

#include <optional>
#include <string>

namespace dbbackup::cli {

/// Where to look for the missing URL.
struct MissingUrlSearch {
    const EnvFile& env_file;
    std::string env_file_path;
    /// The file beside it that has DATABASE_URL, if there is one.
    std::optional<std::string> other_env_file;
};

/// The error that no database is named, with other variables of hosting services and ORMs that hold
/// a PostgreSQL URL, and a command that uses one of them. Values are never shown.
[[nodiscard]] base::Error missing_url_error(const MissingUrlSearch& search);

} // namespace dbbackup::cli
