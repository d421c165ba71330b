#pragma once

#include "ops/read/dump_check.hpp"

#include <dbbackup/ops/restore.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// Throws base::Error{refused} if there are any `dependents` of the part that is restored, and
/// `whole`, the dump, holds the tables or views of all of them: they can be restored too.
void require_no_dependents_of_part(const RestoreRequest& request,
                                   const std::vector<std::string>& dependents,
                                   const CheckedDump& dump);

} // namespace dbbackup::ops
