#pragma once

#include "pg/clean_plan.hpp"

#include <cstdint>

namespace dbbackup::pg {

/// TargetSurvey::goes and TargetSurvey::stays.
[[nodiscard]] std::vector<std::string> list_what_goes(const CleanPlan& plan);
[[nodiscard]] std::vector<std::string> list_what_stays(const CleanPlan& plan);

/// TargetSurvey::empty.
[[nodiscard]] bool holds_nothing(const TargetObjects& target);

/// About how many locks a transaction holds once it has dropped what goes.
[[nodiscard]] std::uint64_t count_drop_locks(const CleanPlan& plan);

} // namespace dbbackup::pg
