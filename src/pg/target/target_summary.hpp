#pragma once

#include "pg/target/target_fates.hpp"

#include <cstdint>

namespace dbbackup::pg {

enum class ListLength { whole, shortened };

/// TargetSurvey::goes, TargetSurvey::stays and TargetSurvey::stays_in_short.
[[nodiscard]] std::vector<std::string> list_what_goes(const TargetFates& fates);
[[nodiscard]] std::vector<std::string> list_what_stays(const TargetFates& fates, ListLength length);

/// TargetSurvey::empty.
[[nodiscard]] bool holds_nothing(const TargetObjects& target);

/// About how many locks a transaction holds once it has dropped what goes.
[[nodiscard]] std::uint64_t count_drop_locks(const TargetFates& fates);

} // namespace dbbackup::pg
