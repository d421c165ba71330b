#pragma once

#include "ops/restore/prepare_restore.hpp"

namespace dbbackup::ops {

/// Records beside the dumps of the target that it was restored, and which database it is now: so
/// that the next dump does not take it for a loss. The restore is done: whatever fails here is a
/// warning.
void record_own_restore(const PreparedRestore& prepared, const Context& context);

} // namespace dbbackup::ops
