#pragma once

#include <dbbackup/pg/globals.hpp>

#include <string_view>

namespace dbbackup::pg {

/// Adds what `sql`, one statement without its semicolon, says to `globals`. False if it is not one
/// that pg_dumpall writes for roles, memberships and tablespaces: then nothing was added.
[[nodiscard]] bool read_globals_statement(std::string_view sql, Globals& globals);

} // namespace dbbackup::pg
