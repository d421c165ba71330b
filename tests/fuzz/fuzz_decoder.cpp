// For any bytes: the decoder returns what zlib or zstd alone would, or reports damage, which it may
// do for good input only if a member lies about its own size.

#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/decoder.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <zlib.h>
#include <zstd.h>

using namespace dbbackup;
using stream::CompressionMethod;

namespace {

constexpr std::size_t k_most_plain = std::size_t{16} << 20; ///< the rest of a bomb is not checked

struct Reading {
    std::string text;
    bool good = false;
    bool lying = false; ///< a member's declared size is wrong
};

void require(bool condition, const char* what) {
    if (!condition) {
        std::fprintf(stderr, "violated: %s\n", what);
        std::abort();
    }
}

class BytesSource : public stream::Source {
public:
    explicit BytesSource(base::Bytes bytes) : bytes_(bytes) {}

    std::size_t read(std::byte* buffer, std::size_t size) override {
        const base::Bytes got = bytes_.first(std::min(size, bytes_.size()));
        std::memcpy(buffer, got.data(), got.size());
        bytes_ = bytes_.subspan(got.size());
        return got.size();
    }

private:
    base::Bytes bytes_;
};

Reading read_by_decoder(CompressionMethod method, base::Bytes file) {
    Reading reading;
    BytesSource source{file};
    try {
        const auto decoder = stream::make_decoder(method, source);
        while (auto block = decoder->pull()) {
            require(block->size() > 0, "no block is empty");
            reading.text += base::as_text(block->bytes());
            decoder->give_back(std::move(*block));
            if (reading.text.size() > k_most_plain) {
                break;
            }
        }
        reading.good = true;
    } catch (const base::Error& error) {
        require(error.kind() == base::ErrorKind::damaged, "what cannot be read is damaged");
    }
    return reading;
}

bool lies(std::string_view member) {
    constexpr std::string_view k_own_header{"\x1F\x8B\x08\x04\0\0\0\0\0\xFF\x08\0DB\x04\0", 16};
    if (!member.starts_with(k_own_header) || member.size() < 20) {
        return false;
    }
    std::size_t claimed = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        claimed |= std::size_t{static_cast<unsigned char>(member[16 + i])} << (8 * i);
    }
    return claimed != member.size();
}

Reading read_by_zlib(std::string_view file) {
    Reading reading;
    z_stream stream{};
    require(inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK, "zlib starts");
    std::vector<char> out(1 << 16);
    std::size_t begin = 0;
    std::size_t at = 0;
    while (reading.text.size() <= k_most_plain) {
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.data() + at));
        stream.avail_in = static_cast<uInt>(file.size() - at);
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        const int result = inflate(&stream, Z_NO_FLUSH);
        at = file.size() - stream.avail_in;
        reading.text.append(out.data(), out.size() - stream.avail_out);
        if (result == Z_STREAM_END) {
            reading.lying = reading.lying || lies(file.substr(begin, at - begin));
            begin = at;
            inflateReset(&stream);
        }
        if (at == file.size() && result == Z_STREAM_END) {
            reading.good = true;
            break;
        }
        if (result != Z_OK && result != Z_STREAM_END) {
            break;
        }
    }
    inflateEnd(&stream);
    return reading;
}

Reading read_by_zstd(std::string_view file) {
    Reading reading;
    ZSTD_DCtx* context = ZSTD_createDCtx();
    std::vector<char> out(1 << 17);
    ZSTD_inBuffer in{file.data(), file.size(), 0};
    while (reading.text.size() <= k_most_plain) {
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        const std::size_t before = in.pos;
        const std::size_t result = ZSTD_decompressStream(context, &to, &in);
        reading.text.append(out.data(), to.pos);
        if (result == 0 && in.pos == in.size) {
            reading.good = true;
            break;
        }
        if (ZSTD_isError(result) != 0 || (in.pos == before && to.pos == 0)) {
            break;
        }
    }
    ZSTD_freeDCtx(context);
    return reading;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const base::Bytes bytes = std::as_bytes(std::span{data, size});
    const CompressionMethod method = stream::detect_compression(bytes);
    if (method == CompressionMethod::none) {
        return 0;
    }
    const Reading ours = read_by_decoder(method, bytes);
    const Reading theirs = method == CompressionMethod::gzip ? read_by_zlib(base::as_text(bytes))
                                                             : read_by_zstd(base::as_text(bytes));
    if (ours.text.size() > k_most_plain || theirs.text.size() > k_most_plain) {
        return 0;
    }
    if (ours.good) {
        require(theirs.good, "what is read is read by the library too");
        require(ours.text == theirs.text, "the bytes are those that the library reads");
    } else {
        require(!theirs.good || theirs.lying, "what the library reads is read");
    }
    return 0;
}
