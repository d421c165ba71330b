#pragma once

#include "unit/stream/blocks.hpp"
#include "unit/stream/texts.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/decoder.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace dbbackup::stream {

/// Supplies `text` in reads of at most `piece` bytes.
class TextSource : public Source {
public:
    explicit TextSource(std::string_view text, std::size_t piece = std::string_view::npos)
        : text_(text), piece_(piece) {}

    std::size_t read(std::byte* buffer, std::size_t size) override {
        const std::string_view got = text_.substr(0, std::min(size, piece_));
        std::ranges::copy(base::as_bytes(got), buffer);
        text_.remove_prefix(got.size());
        return got.size();
    }

private:
    std::string_view text_;
    std::size_t piece_;
};

struct TextSink : Sink {
    std::string text;

    void write(base::Bytes bytes) override { text += base::as_text(bytes); }

    void finish() override {}
};

struct Decoded {
    std::string text; ///< up to the failure
    std::optional<base::Error> failure;
};

inline Decoded decode(CompressionMethod method, Source& input) {
    Decoded decoded;
    try {
        const auto decoder = make_decoder(method, input);
        while (std::optional<Block> block = decoder->pull()) {
            decoded.text += base::as_text(block->bytes());
            decoder->give_back(std::move(*block));
        }
    } catch (const base::Error& error) {
        decoded.failure = error;
    }
    return decoded;
}

inline Decoded decode(CompressionMethod method, std::string_view file,
                      std::size_t piece = std::string_view::npos) {
    TextSource source{file, piece};
    return decode(method, source);
}

inline bool is_damaged(const Decoded& decoded) {
    return decoded.failure && decoded.failure->kind() == base::ErrorKind::damaged;
}

/// `text` as dbbackup writes it, in members of `block_size` plain bytes each.
inline std::string encode(std::string_view compression, std::string_view text,
                          std::size_t block_size = k_block_size) {
    TextSink sink;
    BlockPool pool{block_size};
    const auto encoder = make_encoder(parse_compression(compression), sink, pool);
    push_all(text, *encoder, pool);
    encoder->finish();
    return sink.text;
}

} // namespace dbbackup::stream
