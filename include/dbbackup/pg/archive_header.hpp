#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// The name of the dumped database, from the first bytes of an archive in pg_dump's custom format
/// (PostgreSQL's pg_backup_archiver.c, ReadHead). Nothing if they are cut off, damaged, or of a
/// version before 1.4 (PostgreSQL 7.1), which has no name there.
[[nodiscard]] std::optional<std::string> find_archived_database(std::string_view beginning);

} // namespace dbbackup::pg
