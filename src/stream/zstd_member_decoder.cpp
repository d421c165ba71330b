#include "stream/member_decoder.hpp"

#include <dbbackup/base/error.hpp>

#include <fmt/format.h>
#include <new>
#include <zstd.h>
#include <zstd_errors.h>

namespace dbbackup::stream {

namespace {

/// The largest that zstd allows by default; its memory is allocated at the start.
constexpr int k_largest_window_log = 27;

using Context = std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)>;

Context make_context() {
    Context context{ZSTD_createDCtx(), &ZSTD_freeDCtx};
    if (context == nullptr) {
        throw std::bad_alloc{};
    }
    return context;
}

Flaw flaw_of(std::size_t error) {
    switch (ZSTD_getErrorCode(error)) {
    case ZSTD_error_checksum_wrong:
        return k_wrong_checksum;
    case ZSTD_error_dstSize_tooSmall:
    case ZSTD_error_srcSize_wrong:
        return k_wrong_size;
    case ZSTD_error_frameParameter_windowTooLarge:
        return "it asks for a window of more than 128 MiB";
    case ZSTD_error_dictionary_wrong:
        return "it asks for a dictionary";
    case ZSTD_error_memory_allocation:
        throw std::bad_alloc{};
    default:
        return fmt::format("its data are invalid (zstd: {})", ZSTD_getErrorName(error));
    }
}

class ZstdMemberDecoder final : public MemberDecoder {
public:
    Flaw decode(base::Bytes frame, Block& plain) override {
        const std::size_t result = ZSTD_decompressDCtx(
            context_.get(), plain.data(), plain.capacity(), frame.data(), frame.size());
        if (ZSTD_isError(result) != 0) {
            return flaw_of(result);
        }
        plain.resize(result);
        return {};
    }

private:
    Context context_ = make_context();
};

class ZstdMemberStream final : public MemberStream {
public:
    ZstdMemberStream() {
        ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, k_largest_window_log);
    }

    void begin_member() override { ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only); }

    Step decode(base::Bytes in, std::span<std::byte> out) override {
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        const std::size_t result = ZSTD_decompressStream(context_.get(), &to, &from);
        Step step{.consumed = from.pos, .produced = to.pos, .ended = result == 0, .flaw = {}};
        if (ZSTD_isError(result) != 0) {
            step.flaw = flaw_of(result);
        }
        return step;
    }

private:
    Context context_ = make_context();
};

} // namespace

std::unique_ptr<MemberDecoder> make_zstd_member_decoder() {
    return std::make_unique<ZstdMemberDecoder>();
}

std::unique_ptr<MemberStream> make_zstd_member_stream() {
    return std::make_unique<ZstdMemberStream>();
}

} // namespace dbbackup::stream
