#pragma once

#include "pg/target/clean_plan.hpp"

#include <cstdint>

namespace dbbackup::pg {

enum class ListLength { whole, shortened };

/// TargetSurvey::goes, TargetSurvey::stays and TargetSurvey::stays_in_short.
[[nodiscard]] std::vector<std::string> list_what_goes(const CleanPlan& plan);
[[nodiscard]] std::vector<std::string> list_what_stays(const CleanPlan& plan, ListLength length);

/// TargetSurvey::empty.
[[nodiscard]] bool holds_nothing(const TargetObjects& target);

/// About how many locks a transaction holds once it has dropped what goes.
[[nodiscard]] std::uint64_t count_drop_locks(const CleanPlan& plan);

} // namespace dbbackup::pg
