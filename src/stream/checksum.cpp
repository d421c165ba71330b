#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/checksum.hpp>

#include <array>
#include <openssl/evp.h>

namespace dbbackup::stream {

namespace {

void require(bool ok) {
    if (!ok) {
        throw base::Error{base::ErrorKind::failed,
                          "cannot compute a SHA-256 checksum: OpenSSL failed"};
    }
}

} // namespace

struct Checksum::Context {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free};
};

Checksum::Checksum() : context_(std::make_unique<Context>()) {
    require(context_->digest != nullptr);
    require(EVP_DigestInit_ex(context_->digest.get(), EVP_sha256(), nullptr) == 1);
}

Checksum::~Checksum() = default;

void Checksum::observe(base::Bytes bytes) {
    require(EVP_DigestUpdate(context_->digest.get(), bytes.data(), bytes.size()) == 1);
    size_ += bytes.size();
}

std::string Checksum::sha256() {
    std::array<unsigned char, 32> digest{};
    require(EVP_DigestFinal_ex(context_->digest.get(), digest.data(), nullptr) == 1);

    constexpr std::string_view k_hex_digits = "0123456789abcdef";
    std::string text;
    for (const unsigned byte : digest) {
        text += k_hex_digits[byte >> 4U];
        text += k_hex_digits[byte & 0xFU];
    }
    return text;
}

} // namespace dbbackup::stream
