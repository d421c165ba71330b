#pragma once

#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/decoder.hpp>
#include <dbbackup/stream/fd_source.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::ops {

/// The longest value or row: PostgreSQL has none longer than 1 GiB.
inline constexpr std::uint64_t k_longest_value = std::uint64_t{1} << 30;

/// The text of an open file, decompressed, character by character. Counts and hashes what it gives.
class TextReader {
public:
    /// `name` names the file in errors. Does not own `fd`.
    TextReader(int fd, const std::string& name);
    ~TextReader();
    TextReader(const TextReader&) = delete;
    TextReader& operator=(const TextReader&) = delete;

    /// Throws base::Error{damaged} if the file cannot be decompressed, or if mark() was not called
    /// for longer than any value could be; and base::Interrupted.
    [[nodiscard]] bool at_end() { return cursor_ == end_ && !refill(); }

    /// Unless at_end().
    [[nodiscard]] char current() const noexcept { return *cursor_; }
    void advance() noexcept { ++cursor_; }

    /// A value ends here.
    void mark() noexcept { marked_ = position(); }

    /// How much was read.
    [[nodiscard]] std::uint64_t position() const noexcept {
        return retired_ + static_cast<std::uint64_t>(cursor_ - begin_);
    }

    /// The SHA-256 of all text up to `back` characters before here, at most k_longest_tail. Call it
    /// once.
    [[nodiscard]] std::string sha256_before(std::size_t back);
    static constexpr std::size_t k_longest_tail = 256;

    /// Of all text; at the end, once.
    [[nodiscard]] std::string sha256() { return all_.sha256(); }

private:
    bool refill();
    void retire();

    stream::FdSource file_;
    std::unique_ptr<stream::BlockSource> decoder_;
    std::optional<stream::Block> block_;
    const char* begin_ = nullptr; ///< of the block
    const char* cursor_ = nullptr;
    const char* end_ = nullptr;
    std::uint64_t retired_ = 0; ///< all of the blocks before
    std::uint64_t marked_ = 0;
    stream::Checksum all_;
    stream::Checksum before_; ///< all but `tail_` of the blocks before
    std::string tail_;
    bool is_before_summed_ = false;
    bool is_over_ = false;
};

/// As a parser takes it. All copies share the reader's position.
class TextIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = char;

    /// Without a reader, the end.
    explicit TextIterator(TextReader* reader = nullptr) : reader_(reader) {}

    char operator*() const noexcept { return reader_->current(); }

    TextIterator& operator++() noexcept {
        reader_->advance();
        return *this;
    }

    bool operator==(const TextIterator& other) const { return is_at_end() == other.is_at_end(); }

private:
    [[nodiscard]] bool is_at_end() const { return reader_ == nullptr || reader_->at_end(); }

    TextReader* reader_;
};

/// How the open file begins, decompressed, as far as it can be read; at most `most` bytes.
[[nodiscard]] std::string beginning_of_text(int fd, std::size_t most);

} // namespace dbbackup::ops
