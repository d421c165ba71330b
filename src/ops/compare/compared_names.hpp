#pragma once

#include <dbbackup/pg/database_state.hpp>

// Names as a manifest spells them, which is always UTF-8: base::to_valid_utf8().

namespace dbbackup::ops {

[[nodiscard]] pg::RelationName spelled_as_recorded(const pg::RelationName& name);

[[nodiscard]] pg::StatePart spelled_as_recorded(const pg::StatePart& part);

/// With all names in it, those of types and migrations too.
[[nodiscard]] pg::DatabaseState spell_as_recorded(pg::DatabaseState state);

} // namespace dbbackup::ops
