#pragma once

#include <string_view>

namespace dbbackup::sys {

/// So many lines say what failed and why: PostgreSQL's programs write the error, its detail, a hint
/// and the query.
constexpr int k_lines_of_an_error = 4;

/// As PostgreSQL's programs mark them; they run with LC_ALL=C. The server's words in capitals.
[[nodiscard]] inline bool is_error_line(std::string_view line) {
    return line.find("error:") != std::string_view::npos ||
           line.find("FATAL:") != std::string_view::npos ||
           line.find("ERROR:") != std::string_view::npos;
}

[[nodiscard]] inline bool is_warning_line(std::string_view line) {
    return line.find("warning:") != std::string_view::npos;
}

} // namespace dbbackup::sys
