#include "ops/drill/throwaway_log.hpp"

#include "ops/client/split_lines.hpp"

#include <dbbackup/base/text.hpp>

#include <deque>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

namespace dbbackup::ops {

namespace {

/// Not the lines DETAIL and STATEMENT, which quote statements and rows, nor errors of statements.
bool tells_failure(std::string_view line) {
    return line.starts_with("PANIC: ") || line.starts_with("FATAL: ") ||
           (line.starts_with("LOG: ") &&
            (line.find(" was terminated by ") != std::string_view::npos ||
             line.find(" exited with ") != std::string_view::npos));
}

} // namespace

std::string last_failures(const std::string& log) {
    constexpr std::size_t k_most_lines = 3;
    std::deque<std::string_view> lines;
    for (const std::string_view line : split_lines(log)) {
        if (tells_failure(line)) {
            lines.push_back(line);
        }
        if (lines.size() > k_most_lines) {
            lines.pop_front();
        }
    }
    return base::printable_line(fmt::format("{}", fmt::join(lines, "\n")));
}

} // namespace dbbackup::ops
