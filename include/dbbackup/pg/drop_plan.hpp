#pragma once

#include <dbbackup/pg/target.hpp>

namespace dbbackup::pg {

struct DropPlan {
    std::vector<std::string> dependents; ///< as in TargetSurvey; a restore must not begin
    std::vector<std::string> statements; ///< TargetSurvey::drop_statements
    std::vector<TargetTable> tables;     ///< to be dropped or emptied; not counted
    std::vector<std::string> changes;    ///< as in TargetSurvey
    bool target_empty = true;            ///< as TargetSurvey::empty
    bool keeps_public = false;           ///< likewise
    std::vector<LeftAlone> left_alone;   ///< likewise
    std::vector<Objection> objections;   ///< likewise
};

/// For a second look, in the restore's transaction: what survey_target() says about drops, without
/// counting rows again. Something may have changed since.
[[nodiscard]] DropPlan plan_drops(Session& session, const DumpSummary& dump, DropScope scope);

} // namespace dbbackup::pg
