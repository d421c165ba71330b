#pragma once

#include "pg/sql/statement.hpp"

namespace dbbackup::pg {

/// Of a statement's significant words those that every version of the server and of pg_dump (13 to
/// 18) writes alike: its skeleton(), without what only some versions write. Empty if they write
/// such a statement in too many ways.
[[nodiscard]] Words version_neutral(const Statement& statement, WordSpan significant);

} // namespace dbbackup::pg
