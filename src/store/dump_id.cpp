#include <dbbackup/base/error.hpp>
#include <dbbackup/store/manifest.hpp>

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/rand.h>

namespace dbbackup::store {

std::string make_dump_id() {
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw base::Error{base::ErrorKind::failed, "the system has no random numbers"};
    }
    return fmt::format("{:02x}", fmt::join(bytes, ""));
}

} // namespace dbbackup::store
