#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace dbbackup::cli {

/// The directory that the user means by `name`: a leading `~/` is the home directory. `what` names
/// it in errors: "the dump directory". Throws base::Error{usage} for text that a shell should have
/// expanded, such as `~user` and `$HOME`: no directory of that name must be created.
[[nodiscard]] std::filesystem::path directory_named(const std::string& name,
                                                    const std::string& what);

/// The value of --safety-dir, if it is given. Throws base::Error{usage}.
[[nodiscard]] std::optional<std::filesystem::path>
safety_directory_named(const std::optional<std::string>& name);

} // namespace dbbackup::cli
