#include "ops/read/archive_failure.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::ops {

namespace {

/// pg_restore's errors that are not the archive's fault.
constexpr std::array k_no_fault_of_the_archive = std::to_array<std::string_view>(
    {"unsupported version", "not supported in this installation", "out of memory",
     "could not open input file", "Permission denied", "could not write"});

} // namespace

void throw_archive_failure(const base::Error& error, const std::string& path) {
    const std::string_view message = error.what();
    const bool no_fault =
        std::ranges::any_of(k_no_fault_of_the_archive, [message](std::string_view text) {
            return message.find(text) != std::string_view::npos;
        });
    if (message.find("unsupported version") != std::string_view::npos) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("'{}' cannot be read: {}", base::printable(path), message),
                          "Install a newer postgresql-client: the archive is of a later version."};
    }
    if (no_fault || message.find("failed with signal") != std::string_view::npos) {
        throw error;
    }
    throw base::Error{base::ErrorKind::damaged, error.what()};
}

} // namespace dbbackup::ops
