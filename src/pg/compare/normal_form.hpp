#pragma once

#include "pg/sql/read_sql.hpp"

#include <string_view>

namespace dbbackup::pg {

/// All words of a statement that say something: without casts (`::type`), and without the name of
/// a NOT NULL constraint that looks as if PostgreSQL had given it. Views of `sql`.
[[nodiscard]] Words significant_words(std::string_view sql, Backslashes backslashes);

/// A statement's significant words in a form that does not change when PostgreSQL reads the
/// statement and writes it back. The statement can change (seen with 15):
///   - a cast array, `(ARRAY['a'::character varying])::text[]`, comes back as an array of casts
///   - `((a OR b) OR c)` comes back as `(a OR b OR c)`, and `'x'::text` of a subquery `AS text`
///   - columns of a table that inherits come back in another order, and so do those of its
///     statistics and in its publications
/// So it omits redundant parentheses, and sorts such lists of columns. Literals and quoted names
/// stay as they are.
[[nodiscard]] Words normal_form(WordSpan significant);

} // namespace dbbackup::pg
