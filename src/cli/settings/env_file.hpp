#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::cli {

/// The variables that an env file sets: `NAME=value` lines as dotenv tools write them, with
/// `export`, single quotes, double quotes and backticks, comments, and values of several lines.
///
/// Outside single quotes `${NAME}` stands for the value of that variable in the environment or,
/// failing that, in an earlier line; so does a bare `$NAME`, but if there is no such variable it is
/// left unchanged, because passwords contain `$`. `\$` is a dollar.
///
/// An invalid line is an error only if its variable is requested.
class EnvFile {
public:
    /// The value of a name in the environment.
    using Environment = std::function<std::optional<std::string>(const std::string&)>;

    /// `path` names the file in errors. Takes any bytes.
    EnvFile(std::string_view text, std::string path, const Environment& environment);

    /// The value of `name`, or nothing if the file does not set it. Throws base::Error{usage},
    /// which names the variable and the line and never contains any part of a value.
    [[nodiscard]] std::optional<std::string> find(const std::string& name) const;

private:
    struct Variable {
        int line = 0;
        std::string value;
        std::string problem; ///< why there is no value
        std::string hint;
    };

    class Parser;

    std::string path_;
    std::map<std::string, Variable> variables_;
};

} // namespace dbbackup::cli
