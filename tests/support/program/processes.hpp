#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace dbbackup::test {

/// Running processes, by id and command line, whose command line or environment contains `mark`.
[[nodiscard]] std::vector<std::string> processes_with(const std::string& mark);

/// Every process's command line that contains `text`, except our own.
[[nodiscard]] std::vector<std::string> command_lines_with(const std::string& text);

/// Whether this process can create a network namespace for a child, as root usually can.
[[nodiscard]] bool can_leave_network();

/// Polls until `condition` holds; false if it does not within `patience`.
[[nodiscard]] bool eventually(const std::function<bool()>& condition,
                              std::chrono::milliseconds patience = std::chrono::seconds{20});

} // namespace dbbackup::test
