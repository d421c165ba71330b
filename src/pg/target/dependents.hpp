#pragma once

#include "pg/target/clean_plan.hpp"

namespace dbbackup::pg {

/// What `plan` leaves out but PostgreSQL would drop too, or refuse to drop anything for: see
/// TargetSurvey::dependents. The session's search_path must be bare.
[[nodiscard]] std::vector<std::string> find_dependents(Session& session, const CleanPlan& plan);

} // namespace dbbackup::pg
