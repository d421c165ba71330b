#pragma once

#include "pg/sql/statement.hpp"

#include <string>
#include <string_view>
#include <vector>

// Reads SQL that is in memory as a whole.

namespace dbbackup::pg {

/// How '…' is read: by standard_conforming_strings.
enum class Backslashes { plain, escaping };

/// All words of one statement as written, with quotes, without the semicolon.
[[nodiscard]] Words split_words(std::string_view sql, Backslashes backslashes);

/// Reads `sql`, a statement or a part of one.
[[nodiscard]] Statement read_statement(std::string_view sql);

/// The names in `list`, a list of columns: unquoted, however many there are.
[[nodiscard]] std::vector<std::string> read_names(std::string_view list);

/// The text between the first parentheses of `sql`.
[[nodiscard]] std::string_view text_in_parentheses(std::string_view sql);

} // namespace dbbackup::pg
