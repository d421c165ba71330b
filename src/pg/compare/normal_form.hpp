#pragma once

#include "pg/sql/read_sql.hpp"

#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// The words of a statement, as written, in a form that does not change when PostgreSQL reads the
/// statement and writes it back. The statement can change (seen with 15):
///   - a cast array, `(ARRAY['a'::character varying])::text[]`, comes back as an array of casts
///   - `((a OR b) OR c)` comes back as `(a OR b OR c)`, and `'x'::text` of a subquery `AS text`
///   - columns of a table that inherits come back in another order, and so do those of its
///     statistics and in its publications
///   - the name of a NOT NULL constraint that looks as if PostgreSQL had given it
/// So it omits white space, casts (`::type`), and redundant parentheses, and sorts such lists of
/// columns. Literals and quoted names stay as they are.
///
/// The words are views of `sql`.
[[nodiscard]] std::vector<std::string_view> normal_form(std::string_view sql,
                                                        Backslashes backslashes);

} // namespace dbbackup::pg
