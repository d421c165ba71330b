#pragma once

#include "ops/restore/prepare_restore.hpp"

namespace dbbackup::ops {

/// Executes the prepared restore. When it returns, the restore is committed; when it throws, the
/// target is unchanged, with the one exception described at restore().
[[nodiscard]] RestoreOutcome commit_restore(const PreparedRestore& prepared,
                                            const Context& context);

} // namespace dbbackup::ops
