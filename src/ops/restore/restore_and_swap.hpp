#pragma once

#include "ops/restore/restore_transaction.hpp"

namespace dbbackup::ops {

/// Throws base::Error{usage} if `--jobs` is asked for and does not suit.
void require_jobs_possible(const RestoreRequest& request, const DumpFile& file);

/// Throws base::Error{refused} if the target holds something and nobody asked to replace it.
void require_replaceable(const RestoreRequest& request, const pg::TargetSurvey& survey);

/// Restores an archive by several sessions of pg_restore into a new database, checks that, and
/// swaps the names in one transaction; the old database stays under another name. When it throws,
/// the target is as it was and the new database is gone.
[[nodiscard]] RestoreOutcome restore_and_swap(const RestoreJob& job);

} // namespace dbbackup::ops
