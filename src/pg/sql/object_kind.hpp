#pragma once

#include "pg/sql/word_reader.hpp"

#include <string_view>

namespace dbbackup::pg {

/// What may come between CREATE and the kind: OR REPLACE, UNIQUE and the like.
void take_adjectives(WordReader& reader);

/// The kind of object that is named next, in lower case, or nothing.
[[nodiscard]] std::string_view take_kind(WordReader& reader);

/// What may come between the kind and the name: IF [NOT] EXISTS, ONLY.
void take_before_name(WordReader& reader);

/// True for kinds that a DumpObject can have. Others have their own place in an inventory, or
/// belong to a table.
[[nodiscard]] bool is_object_kind(std::string_view kind);

/// True for those that live in a schema: an unqualified name is in that of the search_path.
[[nodiscard]] bool lives_in_schema(std::string_view kind);

/// True for what pg_dump --table accepts as a table: views and sequences too.
[[nodiscard]] bool is_relation(std::string_view kind);

} // namespace dbbackup::pg
