#pragma once

#include "pg/target/clean_plan.hpp"

namespace dbbackup::pg {

/// See TargetSurvey::drop_statements. The session's search_path must be bare.
[[nodiscard]] std::vector<std::string> write_drop_statements(Session& session,
                                                             const CleanPlan& plan);

} // namespace dbbackup::pg
