#include "cli/env_file.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <sstream>
#include <string_view>

namespace dbbackup::cli {

namespace {

constexpr std::string_view k_byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view k_export = "export ";

std::string trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string{text.substr(first, text.find_last_not_of(" \t\r") - first + 1)};
}

/// A value as it stands after the equals sign; nothing where its quote is not closed.
std::optional<std::string> unquote(const std::string& raw) {
    const char quote = raw.empty() ? '\0' : raw.front();
    if (quote != '"' && quote != '\'') {
        return trim(raw.substr(0, raw.find(" #")));
    }
    std::string value;
    for (std::size_t i = 1; i < raw.size(); ++i) {
        if (raw[i] == quote) {
            return value;
        }
        const bool escaped = quote == '"' && raw[i] == '\\' && i + 1 < raw.size() &&
                             (raw[i + 1] == '"' || raw[i + 1] == '\\' || raw[i + 1] == '$');
        value += raw[escaped ? ++i : i];
    }
    return std::nullopt;
}

/// Other tools put another variable's value in the place of `${NAME}`. Nothing does here, and the
/// text itself would only puzzle.
bool would_be_expanded(const std::string& raw) {
    return !raw.starts_with('\'') && raw.find("${") != std::string::npos;
}

} // namespace

std::map<std::string, std::string> parse_env_file(const std::string& text, const std::string& path,
                                                  const std::vector<std::string>& wanted) {
    std::map<std::string, std::string> values;
    std::istringstream lines{
        text.substr(text.starts_with(k_byte_order_mark) ? k_byte_order_mark.size() : 0)};
    std::string raw_line;
    for (int number = 1; std::getline(lines, raw_line); ++number) {
        std::string line = trim(raw_line);
        if (line.starts_with(k_export)) {
            line = trim(std::string_view{line}.substr(k_export.size()));
        }
        const std::size_t equals = line.find('=');
        const std::string name = trim(std::string_view{line}.substr(0, equals));
        if (std::ranges::find(wanted, name) == wanted.end()) {
            continue;
        }
        const std::string raw =
            equals == std::string::npos ? "\"" : trim(std::string_view{line}.substr(equals + 1));
        const auto value = unquote(raw);
        if (!value || would_be_expanded(raw)) {
            throw base::Error{
                base::ErrorKind::usage,
                fmt::format("{} in line {} of '{}' {}", name, number, base::printable(path),
                            value ? "holds ${…}, which is not replaced here" : "cannot be read"),
                "Write NAME='value', with the whole value in single quotes."};
        }
        values[name] = *value;
    }
    return values;
}

} // namespace dbbackup::cli
