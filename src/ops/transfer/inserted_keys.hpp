#pragma once

#include <dbbackup/ops/import.hpp>

#include <filesystem>
#include <string>

namespace dbbackup::ops {

/// Writes what undo_import() needs to a new file in `directory`, durable and readable only by this
/// user: docs/files.md. Before the commit: a file too many does no harm. Returns its path; nothing
/// if no row was inserted.
[[nodiscard]] std::optional<std::string>
write_undo_file(pg::Session& session, const ImportRequest& request, const pg::PlacingPlan& plan,
                const pg::PlacingResult& result, const pg::DatabaseIdentity& identity,
                base::UtcTime now);

} // namespace dbbackup::ops
