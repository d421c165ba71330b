#pragma once

#include "stream/input_window.hpp"
#include "stream/member_decoder.hpp"

#include <dbbackup/stream/encoder.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace dbbackup::stream {

/// What the decoder knows about a compressed format: a sequence of members (zstd: frames).
struct MemberFormat {
    std::string_view member_name; ///< "gzip member"
    /// Whether a member can begin with these bytes; 4 are enough.
    bool (*begins_member)(base::Bytes beginning) noexcept;
    /// The size of the member at the current position if it is all there and small enough for a
    /// MemberDecoder. It relies on the member's claims; the decoder checks them.
    std::optional<std::size_t> (*find_whole_member)(InputWindow& input);
    std::unique_ptr<MemberDecoder> (*make_decoder)();
    std::unique_ptr<MemberStream> (*make_stream)();
};

/// For a method other than none.
[[nodiscard]] const MemberFormat& format_of(CompressionMethod method) noexcept;

} // namespace dbbackup::stream
