#pragma once

#include <string>
#include <string_view>
#include <vector>

// Values and names on their way into SQL. Neither depends on the encoding, as long as it is one
// that a server can have: no byte of a multibyte character is ASCII there.

namespace dbbackup::pg {

/// `name` as an identifier: `"a""b"`. Always in quotes, so that no list of keywords is needed.
[[nodiscard]] std::string quote_identifier(std::string_view name);

/// SQL that names types, written one way: quotes that an identifier does not need and `pg_catalog.`
/// are left out, so that pg_dump's text and the server's can be compared.
[[nodiscard]] std::string normalized_types(std::string_view sql);

/// `values` as the text of one parameter of type text[] (or name[], oid[]).
[[nodiscard]] std::string array_parameter(const std::vector<std::string>& values);

} // namespace dbbackup::pg
