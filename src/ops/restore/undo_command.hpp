#pragma once

#include "ops/restore/restore_transaction.hpp"

#include <string>
#include <vector>

namespace dbbackup::ops {

/// How to undo a restore: all that it touched, and no more.
struct UndoCommand {
    /// The words of a command line that restores the safety dump, without the URL.
    std::vector<std::string> words;
    /// What that command leaves as the restore made it, for people.
    std::vector<std::string> leaves;
};

[[nodiscard]] UndoCommand find_undo_command(const RestoreJob& job, const std::string& safety_dump);

} // namespace dbbackup::ops
