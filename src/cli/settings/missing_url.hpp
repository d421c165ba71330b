#pragma once

#include "cli/settings/env_file.hpp"

#include <dbbackup/base/error.hpp>

#include <optional>
#include <string>

namespace dbbackup::cli {

/// Where the URL may stand that is missing.
struct MissingUrlSearch {
    const EnvFile& env_file;
    std::string env_file_path;
    /// The file beside it that has DATABASE_URL, if there is one.
    std::optional<std::string> other_env_file;
};

/// That no database is named, with the names of other variables that hold a URL of PostgreSQL's,
/// as hosting services and ORMs call them, and a command that makes one of them count. Values are
/// never shown.
[[nodiscard]] base::Error missing_url_error(const MissingUrlSearch& search);

} // namespace dbbackup::cli
