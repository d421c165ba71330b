#pragma once

#include "pg/target/target_fates.hpp"

#include <string>
#include <vector>

namespace dbbackup::pg {

/// False for a dump that makes and drops objects, and sets nothing besides.
[[nodiscard]] bool may_change_traits(const DumpInventory& inventory);

/// See TargetSurvey::changes. What a new database has too is not worth a word, nor is a schema
/// `public` that somebody dropped and made again: nobody has set anything for it. The session's
/// search_path must be bare.
[[nodiscard]] std::vector<std::string> find_changes(Session& session, const TargetFates& fates,
                                                    const DumpInventory& inventory,
                                                    DropScope scope);

} // namespace dbbackup::pg
