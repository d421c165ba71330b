#include "ops/remote/copy_check.hpp"

#include "ops/remote/transfer_progress.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/stream/block.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/fd_source.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <openssl/evp.h>

namespace dbbackup::ops {

namespace {

constexpr const char* k_push_again = "Push again. What is not whole there is never used as a copy.";

/// As 32 hex digits.
std::string md5_of(int fd) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free};
    EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr);
    stream::FdSource source{fd, "the dump"};
    stream::Block block{stream::k_block_size};
    while (const std::size_t got = source.read(block.data(), block.capacity())) {
        sys::throw_if_interrupted();
        EVP_DigestUpdate(context.get(), block.data(), got);
    }
    std::array<unsigned char, 16> digest{};
    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

[[noreturn]] void throw_wrong(store::Remote& remote, const ExpectedFile& file,
                              const std::string& why) {
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("the copy '{}' is not good: {}",
                                  base::printable(remote.path_of(file.name)), why),
                      k_push_again};
}

} // namespace

std::string hash_copy(store::Remote& remote, const std::string& name, std::uint64_t size,
                      Listener& listener) {
    const auto source = remote.read(name, size);
    TransferProgress progress{listener, Progress::Phase::reading_copy, size};
    return stream::sha256_of(*source, [&progress](std::uint64_t bytes) {
        sys::throw_if_interrupted();
        progress.report(bytes);
    });
}

void require_listed(store::Remote& remote, const ExpectedFile& file) {
    const auto files = remote.list();
    const auto found = std::ranges::find(files, file.name, &store::RemoteFile::name);
    if (found == files.end()) {
        throw_wrong(remote, file, "it is not there, although the copying seemed to succeed");
    }
    if (found->size != file.size) {
        throw_wrong(remote, file,
                    fmt::format("it has {} bytes there, and {} here", found->size, file.size));
    }
}

std::string require_copied(store::Remote& remote, const ExpectedFile& file, int fd,
                           Listener& listener) {
    require_listed(remote, file);
    if (const auto md5 = remote.find_own_md5(file.name, file.size); md5 && *md5 == md5_of(fd)) {
        return "hash";
    }
    // Another MD5 need not be damage: with some encryption there, it is of what is stored.
    if (hash_copy(remote, file.name, file.size, listener) != file.sha256) {
        throw_wrong(remote, file, "what was read back differs from the dump here");
    }
    return "read";
}

} // namespace dbbackup::ops
