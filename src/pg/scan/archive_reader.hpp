#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dbbackup::pg {

inline constexpr std::string_view k_archive_magic = "PGDMP";

/// From the head of an archive: version 1.`minor`, and how it writes numbers and offsets.
struct ArchiveFormat {
    unsigned minor = 0;
    std::size_t number_size = 0; ///< without the sign
    std::size_t offset_size = 0;
};

/// The least significant byte first; at most eight.
[[nodiscard]] std::uint64_t unsigned_number(std::string_view bytes);

/// Reads from the start of an archive in pg_dump's custom format (PostgreSQL's
/// pg_backup_archiver.c). Once something is missing, everything after it is missing too: zeros and
/// nothing are read, and good() is false.
class ArchiveReader {
public:
    explicit ArchiveReader(std::string_view archive) : archive_(archive) {}

    /// First of all: the magic and what follows, up to the compression. Nothing if they are cut
    /// off, damaged, or of a version before 1.4 (PostgreSQL 7.1).
    std::optional<ArchiveFormat> format();

    unsigned byte();
    std::int64_t number();
    /// Nothing also for a text that is NULL.
    std::optional<std::string_view> text();
    std::string_view bytes(std::size_t size);

    [[nodiscard]] bool good() const noexcept { return good_; }

    [[nodiscard]] std::size_t position() const noexcept { return position_; }

private:
    std::string_view archive_;
    std::size_t position_ = 0;
    std::size_t number_size_ = 0;
    bool good_ = true;
};

/// The compression and the date.
void skip_to_name(ArchiveReader& reader, const ArchiveFormat& format);

} // namespace dbbackup::pg
