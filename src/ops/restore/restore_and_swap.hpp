#pragma once

#include "ops/restore/restore_transaction.hpp"

namespace dbbackup::ops {

/// Throws base::Error{usage} if `--jobs` is requested and not possible.
void require_jobs_possible(const RestoreRequest& request, const DumpFile& file);

/// Throws base::Error{refused} if the target is not empty and the request does not replace it.
void require_replaceable(const RestoreRequest& request, const pg::TargetSurvey& survey);

/// Restores an archive into a new database with several sessions of pg_restore, checks it, and
/// swaps the names in one transaction; the old database stays under another name. When it throws,
/// the target is unchanged and the new database is dropped.
[[nodiscard]] RestoreOutcome restore_and_swap(const RestoreJob& job);

} // namespace dbbackup::ops
