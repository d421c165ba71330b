#include "stream/member_codec.hpp"

namespace dbbackup::stream {

std::unique_ptr<MemberCodec> make_member_codec(const Compression& compression) {
    const int level = effective_level(compression);
    if (compression.method == CompressionMethod::zstd) {
        return make_zstd_member_codec(level);
    }
#ifdef DBBACKUP_HAVE_ISAL
    if (level <= k_isal_highest_level) {
        return make_isal_member_codec(level);
    }
#endif
    return make_zlib_member_codec(level);
}

} // namespace dbbackup::stream
