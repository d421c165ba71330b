#pragma once

#include <string>
#include <string_view>
#include <vector>

// Quotes values and names for SQL. Works in any encoding that a server can have: none has ASCII
// bytes in a multibyte character.

namespace dbbackup::pg {

/// `name` as an identifier: `"a""b"`. Always quoted, so that no list of keywords is needed.
[[nodiscard]] std::string quote_identifier(std::string_view name);

/// `text` as a literal: `'it''s'`. For SQL to be shown, not to be run.
[[nodiscard]] std::string quote_literal(std::string_view text);

/// SQL that names types, without unneeded quotes and `pg_catalog.`, so that pg_dump's text and the
/// server's can be compared.
[[nodiscard]] std::string normalized_types(std::string_view sql);

/// `values` as the text of one parameter of type text[] (or name[], oid[]).
[[nodiscard]] std::string array_parameter(const std::vector<std::string>& values);

} // namespace dbbackup::pg
