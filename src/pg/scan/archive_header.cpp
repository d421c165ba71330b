#include "pg/scan/archive_reader.hpp"

#include <dbbackup/pg/archive_header.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <array>

namespace dbbackup::pg {

namespace {

/// The first pg_restore for each version of the format, 1.N (pg_backup_archiver.h, K_VERS_1_*). 17
/// and 18 write the same.
struct FormatVersion {
    unsigned minor;
    int first_reader;
};

constexpr auto k_formats = std::to_array<FormatVersion>({{14, 12}, {15, 16}, {16, 17}});
constexpr int k_reader_of_later_formats = 19;

} // namespace

bool begins_like_archive(std::string_view beginning) {
    return beginning.starts_with(k_archive_magic);
}

std::optional<std::string> find_archived_database(std::string_view beginning) {
    ArchiveReader reader{beginning};
    const auto format = reader.format();
    if (!format) {
        return std::nullopt;
    }
    skip_to_name(reader, *format);
    const auto name = reader.text();
    return name && !name->empty() && name->size() <= k_longest_database_name
               ? std::optional{std::string{*name}}
               : std::nullopt;
}

int lowest_reader_of_archive(std::string_view beginning) {
    const auto format = ArchiveReader{beginning}.format();
    if (!format || format->minor < k_formats.front().minor) {
        return 0;
    }
    for (const FormatVersion& version : k_formats) {
        if (format->minor == version.minor) {
            return version.first_reader;
        }
    }
    return k_reader_of_later_formats;
}

} // namespace dbbackup::pg
