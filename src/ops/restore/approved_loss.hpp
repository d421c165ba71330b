#pragma once

#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/drop_plan.hpp>

namespace dbbackup::ops {

/// Throws base::Error{refused} if `plan`, made in the restore's transaction, drops more than
/// `approved`, which the user was shown, or was not asked about because it was empty.
void require_approved(const pg::DropPlan& plan, const pg::TargetSurvey& approved,
                      const RestoreRequest& request);

} // namespace dbbackup::ops
