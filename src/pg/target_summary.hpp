#pragma once

#include "pg/clean_plan.hpp"

namespace dbbackup::pg {

/// TargetSurvey::goes and TargetSurvey::stays.
[[nodiscard]] std::vector<std::string> list_what_goes(const CleanPlan& plan);
[[nodiscard]] std::vector<std::string> list_what_stays(const CleanPlan& plan);

/// TargetSurvey::empty.
[[nodiscard]] bool holds_nothing(const TargetObjects& target);

} // namespace dbbackup::pg
