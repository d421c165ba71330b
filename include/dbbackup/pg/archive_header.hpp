#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// The name of the database that an archive of pg_dump's custom format is of, from the archive's
/// first bytes (PostgreSQL's pg_backup_archiver.c, ReadHead). Nothing if they are cut, damaged, or
/// of a version before 1.4 (PostgreSQL 7.1), which had no name there.
[[nodiscard]] std::optional<std::string> find_archived_database(std::string_view beginning);

} // namespace dbbackup::pg
