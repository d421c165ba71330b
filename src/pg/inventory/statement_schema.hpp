#pragma once

#include "pg/sql/script_listener.hpp"

#include <optional>
#include <string>

namespace dbbackup::pg {

/// The schema that the statement is about, or in which it makes or changes something: a function, a
/// type, default privileges. Empty for objects outside schemas. For tables and what belongs to
/// them, find_subject() knows more.
[[nodiscard]] std::string find_schema_of(const ScriptStatement& statement);

/// The extension that the statement makes or comments on, or nothing.
[[nodiscard]] std::optional<std::string> find_extension_of(const Statement& statement);

} // namespace dbbackup::pg
