#include "stream/gzip_member.hpp"
#include "stream/member_codec.hpp"

#include <dbbackup/base/error.hpp>

#include <fmt/format.h>
#include <zlib.h>

namespace dbbackup::stream {

namespace {

constexpr int k_raw_deflate = -MAX_WBITS; ///< negative: no zlib header and trailer
constexpr int k_memory_level = 8;         ///< zlib's own default; others loosen deflateBound()

class ZlibMemberCodec final : public MemberCodec {
public:
    explicit ZlibMemberCodec(int level) {
        require(deflateInit2(&stream_, level, Z_DEFLATED, k_raw_deflate, k_memory_level,
                             Z_DEFAULT_STRATEGY),
                Z_OK);
    }

    ZlibMemberCodec(const ZlibMemberCodec&) = delete;
    ZlibMemberCodec& operator=(const ZlibMemberCodec&) = delete;

    ~ZlibMemberCodec() override { deflateEnd(&stream_); }

    std::size_t max_encoded_size(std::size_t size) override {
        return k_gzip_header_size + deflateBound(&stream_, size) + k_gzip_trailer_size;
    }

    void encode(base::Bytes in, Block& out) override {
        // zlib only reads the input, but does not say so in its types by default.
        auto* plain = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
        require(deflateReset(&stream_), Z_OK);
        stream_.next_in = plain;
        stream_.avail_in = static_cast<uInt>(in.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data() + k_gzip_header_size);
        stream_.avail_out =
            static_cast<uInt>(out.capacity() - k_gzip_header_size - k_gzip_trailer_size);
        require(deflate(&stream_, Z_FINISH), Z_STREAM_END);
        const uLong crc = crc32_z(0, plain, in.size());
        seal_gzip_member(out, stream_.total_out, static_cast<std::uint32_t>(crc), in.size());
    }

private:
    static void require(int result, int expected) {
        if (result != expected) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("cannot compress: zlib failed with {}", result)};
        }
    }

    z_stream stream_{};
};

} // namespace

std::unique_ptr<MemberCodec> make_zlib_member_codec(int level) {
    return std::make_unique<ZlibMemberCodec>(level);
}

} // namespace dbbackup::stream
