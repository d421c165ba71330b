#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

enum class DumpFormat { plain, custom };

enum class DumpSections { all, schema_only, data_only };

/// What pg_dump is asked for. Patterns use pg_dump's syntax.
struct DumpOptions {
    DumpFormat format = DumpFormat::plain;
    /// For an archive, as `pg_dump -Z` of version 16 and later spells it ("gzip:6", "zstd",
    /// "none"); nothing for pg_dump's default. A plain dump is compressed by dbbackup instead.
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

/// Refuses options that would change where, for what purpose or in what format pg_dump writes,
/// abbreviated and bundled forms included. Throws base::Error{usage}.
void require_harmless(const std::vector<std::string>& extra);

/// True for an argument of pg_dump that leaves something out of the dumped schemas.
[[nodiscard]] bool is_table_filter(std::string_view argument);

/// The same, or one that leaves out whole schemas.
[[nodiscard]] bool is_filter(std::string_view argument);

/// The arguments for pg_dump of version `major`, without the connection: what a manifest records.
/// Each option is in full (see pg_dump_options.hpp). Throws base::Error{usage} if that version
/// cannot do what is asked, or if the dump would hold neither schema nor rows.
[[nodiscard]] std::vector<std::string> dump_arguments(const DumpOptions& options, int major);

} // namespace dbbackup::pg
