#pragma once

#include <filesystem>
#include <string>

namespace dbbackup::cli {

/// The directory that the user means by `name`: a leading `~/` is the home directory. `what` names
/// it in errors: "the dump directory". Throws base::Error{usage} for what a shell would have
/// replaced and nothing has, such as `~user` and `$HOME`: no directory shall be made of that name.
[[nodiscard]] std::filesystem::path directory_named(const std::string& name,
                                                    const std::string& what);

} // namespace dbbackup::cli
