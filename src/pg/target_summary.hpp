#pragma once

#include "pg/clean_plan.hpp"

namespace dbbackup::pg {

enum class ListLength { whole, shortened };

/// TargetSurvey::goes, TargetSurvey::stays and TargetSurvey::stays_in_short.
[[nodiscard]] std::vector<std::string> list_what_goes(const CleanPlan& plan);
[[nodiscard]] std::vector<std::string> list_what_stays(const CleanPlan& plan, ListLength length);

/// TargetSurvey::empty.
[[nodiscard]] bool holds_nothing(const TargetObjects& target);

} // namespace dbbackup::pg
