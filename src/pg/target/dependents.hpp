#pragma once

#include "pg/target/target_fates.hpp"

namespace dbbackup::pg {

/// What `fates` leave out but PostgreSQL would drop too, or refuse to drop anything for: see
/// TargetSurvey::dependents. The session's search_path must be bare.
[[nodiscard]] std::vector<std::string> find_dependents(Session& session, const TargetFates& fates);

} // namespace dbbackup::pg
