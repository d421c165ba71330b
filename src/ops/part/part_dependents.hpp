#pragma once

#include "ops/read/dump_check.hpp"

#include <dbbackup/ops/restore.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// Throws base::Error{refused} if the restored part has `dependents`, and the dump, `whole`, holds
/// the tables or views of all of them: they can be restored too.
void require_no_dependents_of_part(const RestoreRequest& request,
                                   const std::vector<std::string>& dependents,
                                   const CheckedDump& dump);

} // namespace dbbackup::ops
