#pragma once

#include <dbbackup/stream/pump.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// What an archive's table of contents says of the blocks behind it.
struct ArchiveContents {
    std::size_t size = 0;              ///< bytes, from the start of the file
    std::size_t number_size = 0;       ///< bytes of a number, without its sign
    std::size_t second_table_size = 0; ///< bytes, at least, if it is repeated at the end
    std::string table_start;           ///< its first bytes: the number of entries
    std::set<std::uint64_t> expected;  ///< the entries that have data
};

/// From the first bytes of an archive in pg_dump's custom format (pg_backup_archiver.c, ReadHead
/// and ReadToc). Nothing if they do not hold all of it.
[[nodiscard]] std::optional<ArchiveContents> read_archive_contents(std::string_view beginning);

/// Follows an archive from block to block, without decompressing them, and so finds out whether its
/// end is missing. Whether pg_restore minds depends on its version.
class ArchiveEnding : public stream::Observer {
public:
    /// The whole file, in pieces of any size.
    void observe(base::Bytes bytes) override;

    /// After the end: what is missing, for people; empty if nothing is. Empty too for a format that
    /// is unknown here, and for an archive that is damaged otherwise: pg_restore judges these.
    [[nodiscard]] std::string incompleteness();

private:
    /// What the next bytes are (pg_backup_custom.c).
    enum class Next {
        contents,
        block_type,
        block_id,
        large_object,
        length,
        data,
        after_end,
        not_judged
    };

    void read_contents(std::string_view text);
    void walk(std::string_view text);
    /// pg_dump 17 and later repeats the table of contents at the end if its output is its stdout,
    /// and that a file.
    [[nodiscard]] bool ends_within_second_table() const;
    void take_type(char type);
    void take_number(std::uint64_t number);
    /// Collects the bytes of a number; nothing while it is not complete.
    [[nodiscard]] std::optional<std::uint64_t> collect_number(std::string_view& text);

    Next next_ = Next::contents;
    std::string beginning_; ///< until the contents are read
    std::size_t worth_reading_ = 0;
    ArchiveContents contents_;
    std::string number_; ///< its bytes so far
    std::uint64_t data_left_ = 0;
    bool in_large_objects_ = false;
    std::string after_end_; ///< its first bytes
    std::uint64_t size_after_end_ = 0;
};

} // namespace dbbackup::pg
