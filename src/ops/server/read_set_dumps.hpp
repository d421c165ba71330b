#pragma once

#include "ops/server/find_set.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/pg/globals.hpp>

namespace dbbackup::ops {

/// The roles and tablespaces of the set. Throws base::Error{damaged} if the file is not the set's,
/// is not complete, or holds what pg_dumpall does not write.
[[nodiscard]] pg::Globals read_globals_of(const FoundSet& found, const Context& context);

/// Every dump's file is, byte for byte, the one that the set lists. Throws base::Error{damaged}.
void require_own_dumps(const FoundSet& found, const Context& context);

} // namespace dbbackup::ops
