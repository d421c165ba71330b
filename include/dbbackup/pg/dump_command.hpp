#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

enum class DumpFormat { plain, custom };

enum class DumpSections { all, schema_only, data_only };

/// What pg_dump is asked for. Patterns are pg_dump's own.
struct DumpOptions {
    DumpFormat format = DumpFormat::plain;
    /// Of a custom archive, as `pg_dump -Z` of version 16 and later spells it ("gzip:6", "zstd",
    /// "none"); nothing for pg_dump's default. A plain dump is compressed on its way instead.
    std::optional<std::string> archive_compression;
    std::vector<std::string> tables;
    std::vector<std::string> excluded_tables;
    std::vector<std::string> schemas;
    std::vector<std::string> excluded_schemas;
    std::vector<std::string> excluded_table_data;
    DumpSections sections = DumpSections::all;
    bool no_owner = false;
    bool no_privileges = false;
    std::optional<std::chrono::milliseconds> lock_wait_timeout;
    std::vector<std::string> extra; ///< checked by require_harmless()

    /// True if the whole database is asked for.
    [[nodiscard]] bool unfiltered() const;
};

/// Refuses what would change where, what for or in what format pg_dump writes, abbreviated and
/// bundled forms included. Throws base::Error{usage}.
void require_harmless(const std::vector<std::string>& extra);

/// True for an argument of pg_dump after which a dump does not hold the whole of its schemas.
[[nodiscard]] bool is_table_filter(std::string_view argument);

/// The same, or one after which it does not hold all schemas.
[[nodiscard]] bool is_filter(std::string_view argument);

/// The arguments for pg_dump of version `major` apart from the connection: what a manifest records.
/// Throws base::Error{usage} if that version can't do what is asked.
[[nodiscard]] std::vector<std::string> dump_arguments(const DumpOptions& options, int major);

} // namespace dbbackup::pg
