#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// Keeps the text of the statement under way, from pieces of the stream.
class StatementText {
public:
    /// The next piece of SQL, which begins at `offset` of the stream.
    void append(std::string_view piece, std::uint64_t offset, std::size_t most);

    /// A token at `offset` has been seen.
    void begin_at(std::uint64_t offset) noexcept {
        start_ = start_ ? start_ : std::optional{offset};
    }

    [[nodiscard]] bool begun() const noexcept { return start_.has_value(); }
    /// Where the statement begins; only once it has.
    [[nodiscard]] std::uint64_t start() const { return start_.value(); }
    /// Its text up to `end`, or as much of it as was kept.
    [[nodiscard]] std::string_view up_to(std::uint64_t end) const;

    /// The statement has ended; what has come behind it stays.
    void end() noexcept { start_.reset(); }
    /// Forgets what has come so far: no statement is under way in it.
    void clear() noexcept;

private:
    std::string text_;
    std::uint64_t text_offset_ = 0;
    std::optional<std::uint64_t> start_;
};

} // namespace dbbackup::pg
