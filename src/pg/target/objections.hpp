#pragma once

#include "pg/target/target_fates.hpp"

#include <dbbackup/pg/objection.hpp>

#include <vector>

namespace dbbackup::pg {

/// Everything that a restore would fail at, as far as our role's rights in the target are
/// concerned and can be known before.
[[nodiscard]] std::vector<Objection> find_objections(Session& session, const TargetFates& fates,
                                                     const DumpInventory& inventory);

} // namespace dbbackup::pg
