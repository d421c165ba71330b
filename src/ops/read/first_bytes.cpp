#include "ops/read/first_bytes.hpp"

#include <array>

namespace dbbackup::ops {

std::string first_bytes(stream::Source& source) {
    std::array<std::byte, 512> bytes{};
    std::size_t size = 0;
    for (std::size_t got = 1; got > 0 && size < bytes.size(); size += got) {
        got = source.read(bytes.data() + size, bytes.size() - size);
    }
    return std::string{base::as_text({bytes.data(), size})};
}

} // namespace dbbackup::ops
