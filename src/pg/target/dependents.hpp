#pragma once

#include "pg/target/target_fates.hpp"

namespace dbbackup::pg {

/// Objects that `fates` keep, but that PostgreSQL would drop too, or because of which it would
/// refuse a drop: see TargetSurvey::dependents. The session's search_path must be bare.
[[nodiscard]] std::vector<std::string> find_dependents(Session& session, const TargetFates& fates);

} // namespace dbbackup::pg
