#pragma once

#include <dbbackup/pg/target.hpp>

namespace dbbackup::pg {

struct DropPlan {
    std::vector<std::string> dependents; ///< as TargetSurvey has them; a restore must not begin
    std::vector<std::string> statements; ///< TargetSurvey::drop_statements
    std::vector<TargetTable> tables;     ///< that go; not counted
    std::vector<std::string> changes;    ///< as TargetSurvey has them
    bool target_empty = true;            ///< as TargetSurvey::empty
};

/// For a second look, in the restore's transaction: what survey_target() says of drops, without
/// counting rows again. Something may have come in between.
[[nodiscard]] DropPlan plan_drops(Session& session, const DumpSummary& dump, DropScope scope);

} // namespace dbbackup::pg
