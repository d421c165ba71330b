#include "stream/gzip_member.hpp"
#include "stream/member_decoder.hpp"

#include <dbbackup/base/error.hpp>

#include <fmt/format.h>
#include <new>
#include <string_view>
#include <zlib.h>

namespace dbbackup::stream {

namespace {

constexpr int k_raw_deflate = -MAX_WBITS;     ///< negative: no header and trailer
constexpr int k_gzip_format = 16 + MAX_WBITS; ///< 16: header and trailer of gzip only

/// A z_stream to inflate with.
class Inflater {
public:
    explicit Inflater(int window_bits) { require(inflateInit2(&stream_, window_bits)); }

    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    ~Inflater() { inflateEnd(&stream_); }

    void reset() { require(inflateReset(&stream_)); }

    /// Returns Z_OK, Z_STREAM_END, Z_BUF_ERROR (no progress) or Z_DATA_ERROR.
    [[nodiscard]] int inflate(base::Bytes in, std::span<std::byte> out) {
        // zlib only reads the input, but does not say so in its types by default.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
        stream_.avail_in = static_cast<uInt>(in.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        const int result = ::inflate(&stream_, Z_NO_FLUSH);
        if (result != Z_STREAM_END && result != Z_BUF_ERROR && result != Z_DATA_ERROR) {
            require(result);
        }
        return result;
    }

    [[nodiscard]] std::size_t in_left() const { return stream_.avail_in; }

    [[nodiscard]] std::size_t out_left() const { return stream_.avail_out; }

    [[nodiscard]] Flaw flaw() const {
        const std::string_view message = stream_.msg == nullptr ? "" : stream_.msg;
        if (message == "incorrect data check") {
            return k_wrong_checksum;
        }
        if (message == "incorrect length check") {
            return k_wrong_size;
        }
        return fmt::format("its data are invalid (zlib: {})", message);
    }

private:
    static void require(int result) {
        if (result == Z_MEM_ERROR) {
            throw std::bad_alloc{};
        }
        if (result != Z_OK) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("cannot decompress: zlib failed with {}", result)};
        }
    }

    z_stream stream_{};
};

class ZlibMemberDecoder final : public MemberDecoder {
public:
    Flaw decode(base::Bytes member_bytes, Block& plain) override {
        const GzipMember member = open_gzip_member(member_bytes);
        inflater_.reset();
        const int result = inflater_.inflate(member.deflated, {plain.data(), plain.capacity()});
        if (result == Z_DATA_ERROR) {
            return inflater_.flaw();
        }
        plain.resize(plain.capacity() - inflater_.out_left());
        if (result != Z_STREAM_END || inflater_.in_left() != 0 ||
            plain.size() != member.plain_size) {
            return k_wrong_size;
        }
        const auto* bytes = reinterpret_cast<const Bytef*>(plain.data());
        return crc32_z(0, bytes, plain.size()) == member.plain_crc ? Flaw{} : k_wrong_checksum;
    }

private:
    Inflater inflater_{k_raw_deflate};
};

/// zlib reads the header and checks the trailer itself.
class ZlibMemberStream final : public MemberStream {
public:
    void begin_member() override { inflater_.reset(); }

    Step decode(base::Bytes in, std::span<std::byte> out) override {
        const int result = inflater_.inflate(in, out);
        return {.consumed = in.size() - inflater_.in_left(),
                .produced = out.size() - inflater_.out_left(),
                .ended = result == Z_STREAM_END,
                .flaw = result == Z_DATA_ERROR ? inflater_.flaw() : Flaw{}};
    }

private:
    Inflater inflater_{k_gzip_format};
};

} // namespace

std::unique_ptr<MemberDecoder> make_zlib_member_decoder() {
    return std::make_unique<ZlibMemberDecoder>();
}

std::unique_ptr<MemberStream> make_zlib_member_stream() {
    return std::make_unique<ZlibMemberStream>();
}

} // namespace dbbackup::stream
