#pragma once

#include "pg/sql/script_listener.hpp"

#include <optional>
#include <string>

namespace dbbackup::pg {

/// SELECT setval('sequence', value[, is_called]).
struct SetSequence {
    QualifiedName sequence; ///< qualified, see ScriptStatement::search_schema
    std::string value;      ///< a number
    std::string is_called;  ///< "true" or "false"
};

[[nodiscard]] std::optional<SetSequence> find_set_value(const ScriptStatement& statement);

/// Only the sequence.
[[nodiscard]] std::optional<QualifiedName> find_set_sequence(const ScriptStatement& statement);

} // namespace dbbackup::pg
