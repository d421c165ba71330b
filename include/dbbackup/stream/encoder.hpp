#pragma once

#include <dbbackup/stream/pump.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::stream {

enum class CompressionMethod { none, gzip, zstd };

struct Compression {
    CompressionMethod method = CompressionMethod::gzip;
    std::optional<int> level; ///< nothing: the method's default here

    bool operator==(const Compression&) const = default;
};

/// Reads "gzip", "gzip:6", "zstd:19", "none". Levels: gzip 1 to 9, zstd 1 to 22.
/// Throws base::Error{usage}.
[[nodiscard]] Compression parse_compression(std::string_view text);

/// The reverse: "gzip:2", "zstd:3", "none", with the level that is really used.
[[nodiscard]] std::string to_string(const Compression& compression);

/// The level that is really used; 0 for none.
[[nodiscard]] int effective_level(const Compression& compression);

/// Compresses blocks on several threads, each block into a member (gzip, RFC 1952) or frame (zstd,
/// RFC 8878) of its own, and writes them to `output` in order on a thread of its own. Any reader of
/// the format takes the whole as one stream. `pool` is where the pushed blocks come from and go
/// back to. Memory is bounded by threads, never by the stream. An input of nothing gives one empty
/// member. Destroying it before finish() stops its threads and abandons the stream.
[[nodiscard]] std::unique_ptr<BlockSink> make_encoder(const Compression& compression, Sink& output,
                                                      BlockPool& pool);

} // namespace dbbackup::stream
