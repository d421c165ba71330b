#include "ops/remote/copy_lock.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/stream/checksum.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

std::optional<sys::FileLock> try_lock_copy(const store::DumpDirectory& directory,
                                           const std::string& remote,
                                           const std::string& copy_name) {
    constexpr std::size_t k_length = 16; // a dump's whole name could make this one too long
    stream::Checksum checksum;
    checksum.observe(base::as_bytes(copy_name));
    return sys::FileLock::try_acquire(
        directory.files(),
        fmt::format(".remote-{}.{}.lock", remote, checksum.sha256().substr(0, k_length)));
}

} // namespace dbbackup::ops
