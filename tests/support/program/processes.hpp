#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace dbbackup::test {

/// Running processes, by id and command line, in whose command line or environment `mark` stands.
[[nodiscard]] std::vector<std::string> processes_with(const std::string& mark);

/// Every process's command line that holds `text`, our own apart.
[[nodiscard]] std::vector<std::string> command_lines_with(const std::string& text);

/// Whether this process may make a network of its own for a child, as root mostly may.
[[nodiscard]] bool can_leave_network();

/// Asks again and again until `condition` holds; false where it does not within `patience`.
[[nodiscard]] bool eventually(const std::function<bool()>& condition,
                              std::chrono::milliseconds patience = std::chrono::seconds{20});

} // namespace dbbackup::test
