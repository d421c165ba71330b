#pragma once

#include "ops/restore/prepare_restore.hpp"

namespace dbbackup::ops {

/// Carries out what was prepared. When it returns, the restore is committed; when it throws, the
/// target is as it was, with the one exception that restore() names.
[[nodiscard]] RestoreOutcome commit_restore(const PreparedRestore& prepared,
                                            const Context& context);

} // namespace dbbackup::ops
