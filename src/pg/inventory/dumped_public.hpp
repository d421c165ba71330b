#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/dumped_public.hpp>

#include <optional>
#include <string>

namespace dbbackup::pg {

/// If `statement` sets the owner, the comment or privileges of schema `public`, and nothing else:
/// adds that to `set`. False for every other statement, and for what pg_dump does not write.
bool take_public(const ScriptStatement& statement, DumpedPublic& set);

/// COMMENT ON … IS: the comment, empty for NULL. Nothing if the literal is not a plain '…'.
[[nodiscard]] std::optional<std::string> find_comment(const ScriptStatement& statement);

} // namespace dbbackup::pg
