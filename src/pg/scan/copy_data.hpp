#pragma once

#include <dbbackup/pg/dump_scanner.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

namespace dbbackup::pg {

/// The rows of one COPY block, fed in pieces of any size. A row is a line; the block ends at the
/// line `\.`, also with a carriage return after it, as in psql (src/bin/psql/copy.c, handleCopyIn).
/// In text format such a line is never a row: a backslash of the data is doubled.
class CopyData {
public:
    CopyData();
    ~CopyData();

    /// Starts a new block.
    void begin() noexcept { ended_ = false; }

    /// Adds the rows of `text` to `table`, to the end of the block or of `text`. Returns how many
    /// bytes it took; none once the block has ended.
    std::size_t take(std::string_view text, ScannedTable& table);

    /// The line `\.` has been read.
    [[nodiscard]] bool ended() const noexcept { return ended_; }

private:
    std::size_t take_split_row(std::string_view text, ScannedTable& table);
    std::size_t take_whole_rows(std::string_view text, ScannedTable& table);
    void add_to_split_row(std::string_view part);

    struct RowHash;

    bool ended_ = false;
    std::unique_ptr<RowHash> row_hash_; ///< of the row begun in an earlier piece
    std::uint64_t row_length_ = 0;      ///< how much of it has been read
    std::array<char, 3> row_start_{};   ///< its first bytes, perhaps `\.`
};

} // namespace dbbackup::pg
