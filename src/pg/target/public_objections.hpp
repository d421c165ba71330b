#pragma once

#include "pg/target/target_fates.hpp"

#include <dbbackup/pg/public_schema.hpp>

#include <vector>

namespace dbbackup::pg {

/// Everything that a restore would fail at in `public`, as far as the role's rights are concerned.
/// If `public` stays, the dump must want it as it is: then nobody has to set anything.
[[nodiscard]] std::vector<PublicObjection>
find_public_objections(Session& session, const TargetFates& fates, const DumpInventory& inventory);

} // namespace dbbackup::pg
