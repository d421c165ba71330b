#pragma once

#include "pg/target/target_fates.hpp"

#include <string>
#include <vector>

namespace dbbackup::pg {

/// False for a dump that only makes and drops objects.
[[nodiscard]] bool may_change_traits(const DumpInventory& inventory);

/// See TargetSurvey::changes. Without what a new database has too, and without a schema `public`
/// that was dropped and made again, if nothing was set for it. The session's search_path must be
/// bare.
[[nodiscard]] std::vector<std::string> find_changes(Session& session, const TargetFates& fates,
                                                    const DumpInventory& inventory,
                                                    DropScope scope);

} // namespace dbbackup::pg
