#pragma once

#include "ops/restore/restore_transaction.hpp"

#include <string>
#include <vector>

namespace dbbackup::ops {

/// The way back from a restore, as wide as the restore was.
struct WayBack {
    /// The words of a command line that restores the safety dump, without the URL.
    std::vector<std::string> command;
    /// What that command leaves as the restore made it, for people.
    std::vector<std::string> leaves;
};

[[nodiscard]] WayBack find_way_back(const RestoreJob& job, const std::string& safety_dump);

} // namespace dbbackup::ops
