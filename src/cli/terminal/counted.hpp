#pragma once

#include <dbbackup/base/text.hpp>

#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace dbbackup::cli {

/// "1 row", "15,607 rows".
[[nodiscard]] inline std::string counted(std::uint64_t number, std::string_view thing) {
    return fmt::format("{} {}{}", base::with_thousands(number), thing, number == 1 ? "" : "s");
}

} // namespace dbbackup::cli
