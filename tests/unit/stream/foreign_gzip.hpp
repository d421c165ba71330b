#pragma once

#include "support/catch.hpp"

#include <string>
#include <string_view>
#include <zlib.h>

namespace dbbackup::stream {

enum class GzipFields { none, all };

/// A gzip member as other programs may write it; with all optional header fields of RFC 1952.
inline std::string foreign_gzip(std::string_view text, GzipFields fields = GzipFields::none) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string extra{"XX\x03\0abc", 7};
    std::string name = "shop.sql";
    std::string comment = "a comment";
    gz_header header{};
    header.time = 1'234'567'890;
    header.os = 3;
    header.extra = reinterpret_cast<Bytef*>(extra.data());
    header.extra_len = static_cast<uInt>(extra.size());
    header.name = reinterpret_cast<Bytef*>(name.data());
    header.comment = reinterpret_cast<Bytef*>(comment.data());
    header.hcrc = 1;
    if (fields == GzipFields::all) {
        REQUIRE(deflateSetHeader(&stream, &header) == Z_OK);
    }
    std::string file(text.size() + 1000, ' ');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(file.data());
    stream.avail_out = static_cast<uInt>(file.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    file.resize(stream.total_out);
    deflateEnd(&stream);
    return file;
}

} // namespace dbbackup::stream
