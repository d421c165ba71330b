#pragma once

#include <map>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// The values that the env file `text` gives to the variables `wanted`: `NAME=value` lines as
/// dotenv tools write them, with `export`, single and double quotes, and comments. `path` names the
/// file in errors. Throws base::Error{usage}, which never holds a value, for a line of theirs that
/// cannot be read; what stands there for others is nobody's business here.
[[nodiscard]] std::map<std::string, std::string>
parse_env_file(const std::string& text, const std::string& path,
               const std::vector<std::string>& wanted);

} // namespace dbbackup::cli
