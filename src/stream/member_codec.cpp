#include "stream/member_codec.hpp"

#include <stdexcept>

namespace dbbackup::stream {

namespace {

std::unique_ptr<MemberCodec> make_gzip_member_codec(int level) {
#ifdef DBBACKUP_HAVE_ISAL
    if (level <= k_isal_highest_level) {
        return make_isal_member_codec(level);
    }
#endif
    return make_zlib_member_codec(level);
}

} // namespace

std::unique_ptr<MemberCodec> make_member_codec(const Compression& compression) {
    const int level = effective_level(compression);
    // No default: the compiler finds the method that nobody thought of.
    switch (compression.method) {
    case CompressionMethod::gzip:
        return make_gzip_member_codec(level);
    case CompressionMethod::zstd:
        return make_zstd_member_codec(level);
    case CompressionMethod::none:
        break;
    }
    throw std::logic_error("there are no members without compression");
}

} // namespace dbbackup::stream
