#pragma once

#include "pg/sql/word_reader.hpp"

#include <string>
#include <string_view>

namespace dbbackup::pg {

/// Behind CREATE: what kind of object it makes, as DumpObject::kind has it, or nothing.
[[nodiscard]] std::string take_kind(WordReader& reader);

/// True for kinds that live in a schema: an unqualified name is in that of the search_path.
[[nodiscard]] bool lives_in_schema(std::string_view kind);

/// True for what pg_dump's --table takes for a table: views and sequences too.
[[nodiscard]] bool is_relation(std::string_view kind);

} // namespace dbbackup::pg
