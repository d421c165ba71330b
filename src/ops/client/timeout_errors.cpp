#include "ops/client/timeout_errors.hpp"

#include "ops/client/split_lines.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <vector>

namespace dbbackup::ops {

namespace {

constexpr int k_first_with_timeout = 17;

/// pg_restore's own words; it runs with LC_ALL=C.
constexpr std::string_view k_error = "pg_restore: error: ";
constexpr std::string_view k_query_failed = "could not execute query: ";
constexpr std::string_view k_command = "Command was: ";
constexpr std::string_view k_timeout_command = "Command was: SET transaction_timeout = 0;";
constexpr std::string_view k_count = "pg_restore: warning: errors ignored on restore: ";

/// Without a last line that is not complete.
std::vector<std::string_view> whole_lines(std::string_view text) {
    auto lines = split_lines(text);
    lines.pop_back();
    return lines;
}

/// Workers write at the same time: before the text of one's error, parts of others' prefixes can
/// stand.
bool is_refused_query(std::string_view after_prefix) {
    constexpr auto k_parts = std::to_array<std::string_view>({"pg_restore: ", "error: "});
    while (true) {
        const auto* part = std::ranges::find_if(
            k_parts, [&](std::string_view text) { return after_prefix.starts_with(text); });
        if (part == k_parts.end()) {
            return after_prefix.starts_with(k_query_failed);
        }
        after_prefix.remove_prefix(part->size());
    }
}

bool is_other_error(std::string_view line) {
    const std::size_t prefix = line.find(k_error);
    return (line.starts_with(k_command) && line != k_timeout_command) ||
           (prefix != std::string_view::npos &&
            !is_refused_query(line.substr(prefix + k_error.size())));
}

/// What pg_restore writes last if only that setting was refused.
std::string expected_count(unsigned jobs) {
    return fmt::format("{}{}", k_count, jobs > 1 ? 2 : 1);
}

} // namespace

bool is_timeout_refused(int client_major, int server_major) {
    return client_major >= k_first_with_timeout && server_major < k_first_with_timeout;
}

bool shows_other_error(std::string_view said) {
    return std::ranges::any_of(whole_lines(said), is_other_error);
}

bool only_timeout_failed(const sys::ExitStatus& status, std::string_view said, unsigned jobs) {
    const auto lines = whole_lines(said);
    return status.signal_number == 0 && status.exit_code == 1 && said.ends_with('\n') &&
           lines.back() == expected_count(jobs) && !std::ranges::any_of(lines, is_other_error);
}

std::string without_timeout_errors(std::string_view said, unsigned jobs) {
    const auto lines = whole_lines(said);
    const std::string count = expected_count(jobs);
    std::string rest;
    for (auto line = lines.begin(); line != lines.end(); ++line) {
        const bool is_about_timeout = line->find(k_query_failed) != std::string_view::npos &&
                                      std::next(line) != lines.end() &&
                                      *std::next(line) == k_timeout_command;
        if (!is_about_timeout && *line != k_timeout_command && *line != count) {
            (rest += *line) += '\n';
        }
    }
    return rest;
}

} // namespace dbbackup::ops
