#pragma once

#include <cstdint>
#include <string>

namespace dbbackup::base {

/// A number of bytes for people, in binary units: "0 B", "999 B", "1.5 KiB", "12 MiB".
[[nodiscard]] std::string format_byte_size(std::uint64_t bytes);

} // namespace dbbackup::base
