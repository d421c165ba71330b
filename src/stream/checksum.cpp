#include "stream/ordered_queue.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/checksum.hpp>

#include <array>
#include <future>
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

namespace {

using BlockQueue = OrderedQueue<Block, Block>;

std::string hash_blocks(BlockQueue& blocks, BlockPool& pool) {
    Checksum checksum;
    while (auto block = blocks.take()) {
        checksum.observe(block->bytes());
        pool.give_back(std::move(*block));
    }
    return checksum.sha256();
}

void read_blocks(Source& source, const std::function<void(std::uint64_t)>& on_read,
                 BlockQueue& blocks, BlockPool& pool) {
    for (std::uint64_t total = 0;;) {
        Block block = pool.take();
        block.resize(source.read(block.data(), block.capacity()));
        total += block.size();
        if (block.size() == 0) {
            return;
        }
        on_read(total);
        if (!blocks.push_result(std::move(block))) {
            return; // the other thread failed, and says why
        }
    }
}

} // namespace

std::string sha256_of(Source& source, const std::function<void(std::uint64_t)>& on_read) {
    constexpr std::size_t k_blocks_ahead = 4;
    BlockPool pool{k_block_size};
    BlockQueue read{k_blocks_ahead};
    auto hashing = std::async(std::launch::async, [&] {
        try {
            return hash_blocks(read, pool);
        } catch (...) {
            read.stop(); // or the other thread would wait for room
            throw;
        }
    });
    try {
        read_blocks(source, on_read, read, pool);
    } catch (...) {
        read.stop(); // or the other thread would wait for more
        throw;
    }
    read.close();
    return hashing.get();
}

} // namespace dbbackup::stream
