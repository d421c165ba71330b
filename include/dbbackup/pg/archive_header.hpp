#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// Whether a file with this beginning is an archive in pg_dump's custom format, or the table of
/// contents of its directory format.
[[nodiscard]] bool begins_like_archive(std::string_view beginning);

/// The name of the dumped database, from the first bytes of an archive in pg_dump's custom format
/// (PostgreSQL's pg_backup_archiver.c, ReadHead). Nothing if they are cut off, damaged, or of a
/// version before 1.4 (PostgreSQL 7.1), which has no name there.
[[nodiscard]] std::optional<std::string> find_archived_database(std::string_view beginning);

/// The lowest major version of pg_restore that reads the archive; 0 if every one does that is still
/// in use, or if the header is damaged. For a format later than all that are known here, a version
/// later than those.
[[nodiscard]] int lowest_reader_of_archive(std::string_view beginning);

} // namespace dbbackup::pg
