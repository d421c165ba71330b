#pragma once

#include "pg/target/target_fates.hpp"

#include <dbbackup/pg/objection.hpp>

#include <vector>

namespace dbbackup::pg {

/// What our role may not set for schema `public`. If `public` stays, the dump must want it as it
/// is: then nobody has to set anything.
[[nodiscard]] std::vector<Objection>
find_public_objections(Session& session, const TargetFates& fates, const DumpInventory& inventory);

} // namespace dbbackup::pg
