#pragma once

#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/drop_plan.hpp>

namespace dbbackup::ops {

/// Throws base::Error{refused} if `plan`, made in the restore's transaction, takes more than
/// `approved`, which somebody was shown, or of which nobody was asked because it was nothing.
void require_approved(const pg::DropPlan& plan, const pg::TargetSurvey& approved,
                      const RestoreRequest& request);

} // namespace dbbackup::ops
