#pragma once

#include "ops/restore/restore_transaction.hpp"

#include <string>
#include <vector>

namespace dbbackup::ops {

/// How to undo a restore: everything that it touched, and no more.
struct UndoCommand {
    /// A command line that restores the safety dump, without the URL.
    std::vector<std::string> words;
    /// Changes that the command does not undo, for people.
    std::vector<std::string> leaves;
};

[[nodiscard]] UndoCommand find_undo_command(const RestoreJob& job, const std::string& safety_dump);

} // namespace dbbackup::ops
