#pragma once

#include "stream/input_window.hpp"
#include "stream/member_decoder.hpp"

#include <dbbackup/stream/encoder.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace dbbackup::stream {

/// What the decoder knows of a compressed format: a row of members, which zstd calls frames.
struct MemberFormat {
    std::string_view member_name; ///< "gzip member"
    /// Whether a member can begin with these bytes; 4 are enough.
    bool (*begins_member)(base::Bytes beginning) noexcept;
    /// The size of the member at the current position where it stands there as a whole and is small
    /// enough for a MemberDecoder. As far as its own claims go: whether they hold, the decoder
    /// says.
    std::optional<std::size_t> (*find_whole_member)(InputWindow& input);
    std::unique_ptr<MemberDecoder> (*make_decoder)();
    std::unique_ptr<MemberStream> (*make_stream)();
};

/// Of a method other than none.
[[nodiscard]] const MemberFormat& format_of(CompressionMethod method) noexcept;

} // namespace dbbackup::stream
