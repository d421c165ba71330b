#include <dbbackup/base/byte_size.hpp>

#include <array>
#include <fmt/format.h>

namespace dbbackup::base {

std::string format_byte_size(std::uint64_t bytes) {
    constexpr std::array k_units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) {
        return fmt::format("{} B", bytes);
    }
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    // 1023.5 would be printed as "1024 KiB".
    while (value >= 1023.5) {
        value /= 1024;
        ++unit;
    }
    const int decimals = value < 9.95 ? 1 : 0;
    return fmt::format("{:.{}f} {}", value, decimals, k_units.at(unit));
}

} // namespace dbbackup::base
