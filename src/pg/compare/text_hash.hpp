#pragma once

#include <dbbackup/pg/dump_outline.hpp>

#include <memory>
#include <string_view>

namespace dbbackup::pg {

/// XXH3-128 (seed 0) of text that comes in pieces.
class TextHash {
public:
    TextHash();
    ~TextHash();

    /// Starts again.
    void reset();
    void add(std::string_view piece);
    [[nodiscard]] TextDigest digest() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

[[nodiscard]] TextDigest digest_of(std::string_view text);

} // namespace dbbackup::pg
