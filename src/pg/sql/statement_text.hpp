#pragma once

#include "pg/sql/sql_lexer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// The beginning of a statement, in one line that is safe to print, up to its first literal, which
/// may be the password of a subscription or a user mapping.
[[nodiscard]] std::string shown_beginning(std::string_view sql);

/// Keeps the text of the current statement, from pieces of the stream. How much of it depends only
/// on the statement, not on how the stream is cut.
class StatementText {
public:
    /// The next piece of SQL, which begins at `offset` of the stream and stays valid until keep()
    /// or drop(). At most `most` bytes of a statement are wanted.
    void show(std::string_view piece, std::uint64_t offset, std::size_t most) noexcept;

    /// A token at `offset` has been seen.
    void begin_at(std::uint64_t offset) noexcept;

    [[nodiscard]] bool begun() const noexcept { return start_.has_value(); }
    /// Where the statement begins; call only after it has begun.
    [[nodiscard]] std::uint64_t start() const { return start_.value(); }
    /// Its text up to `end`, or as much of it as is wanted.
    [[nodiscard]] std::string_view up_to(std::uint64_t end);

    /// The statement has ended; the text after it stays.
    void end() noexcept;

    /// `lexer` has read the piece, which becomes invalid.
    void settle(const SqlLexer& lexer);

    /// The piece becomes invalid, the statement continues. If none has begun, its first token may
    /// have, at `token_start`.
    void keep(std::uint64_t token_start);
    /// The piece becomes invalid, and no statement is incomplete in it.
    void drop() noexcept { end(); }

private:
    void keep_from(std::uint64_t start) noexcept;
    void append(std::uint64_t from, std::uint64_t to);

    std::string_view piece_;
    std::uint64_t piece_offset_ = 0;
    std::size_t most_ = 0;
    std::string kept_; ///< from before the piece
    std::uint64_t kept_offset_ = 0;
    std::optional<std::uint64_t> start_;
};

} // namespace dbbackup::pg
