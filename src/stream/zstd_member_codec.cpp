#include "stream/member_codec.hpp"

#include <dbbackup/base/error.hpp>

#include <fmt/format.h>
#include <new>
#include <zstd.h>

namespace dbbackup::stream {

namespace {

std::size_t require(std::size_t result) {
    if (ZSTD_isError(result) != 0) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("cannot compress: zstd: {}", ZSTD_getErrorName(result))};
    }
    return result;
}

class ZstdMemberCodec final : public MemberCodec {
public:
    explicit ZstdMemberCodec(int level) {
        if (context_ == nullptr) {
            throw std::bad_alloc{};
        }
        require(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level));
        require(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1));
        require(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_contentSizeFlag, 1));
    }

    std::size_t max_encoded_size(std::size_t size) override { return ZSTD_compressBound(size); }

    void encode(base::Bytes in, Block& out) override {
        out.resize(require(
            ZSTD_compress2(context_.get(), out.data(), out.capacity(), in.data(), in.size())));
    }

private:
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context_{ZSTD_createCCtx(),
                                                                  &ZSTD_freeCCtx};
};

} // namespace

std::unique_ptr<MemberCodec> make_zstd_member_codec(int level) {
    return std::make_unique<ZstdMemberCodec>(level);
}

} // namespace dbbackup::stream
