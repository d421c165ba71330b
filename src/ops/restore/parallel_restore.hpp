#pragma once

#include "ops/restore/restore_transaction.hpp"

#include <string>

namespace dbbackup::ops {

/// Lets `pg_restore --jobs` fill the new, empty `database`. Throws base::Error if any item of the
/// archive failed.
void run_pg_restore(const RestoreJob& job, const std::string& database);

} // namespace dbbackup::ops
