#pragma once

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/session.hpp>
#include <dbbackup/pg/target.hpp>

#include <set>

namespace dbbackup::pg {

/// The default privileges of the dump that the target has exactly so already. With
/// DropScope::everything, the target has none for other kinds of objects either.
[[nodiscard]] std::set<DumpedTrait>
find_same_default_privileges(Session& session, const DumpInventory& inventory, DropScope scope);

} // namespace dbbackup::pg
