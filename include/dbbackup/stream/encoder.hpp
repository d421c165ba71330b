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
    std::optional<int> level; ///< nothing: dbbackup's default for the method

    bool operator==(const Compression&) const = default;
};

/// Reads "gzip", "gzip:6", "zstd:19", "none". Levels: gzip 1 to 9, zstd 1 to 22.
/// Throws base::Error{usage}.
[[nodiscard]] Compression parse_compression(std::string_view text);

/// The reverse: "gzip:2", "zstd:3", "none", with the effective level.
[[nodiscard]] std::string to_string(const Compression& compression);

/// The level that is used; 0 for none.
[[nodiscard]] int effective_level(const Compression& compression);

/// Compresses blocks on several threads, each block into its own member (gzip, RFC 1952) or frame
/// (zstd, RFC 8878), and writes them to `output` in order on a separate thread. Any reader of the
/// format reads them as one stream. The pushed blocks come from `pool` and are given back to it.
/// Memory is bounded by the number of threads, never by the stream. An empty input gives one empty
/// member. Destroying it before finish() stops its threads and abandons the stream.
[[nodiscard]] std::unique_ptr<BlockSink> make_encoder(const Compression& compression, Sink& output,
                                                      BlockPool& pool);

} // namespace dbbackup::stream
