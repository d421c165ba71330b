#pragma once

#include <cstdint>
#include <vector>

namespace dbbackup::pg {

/// One row can only be written once another one is.
struct RowLink {
    std::uint64_t row = 0;
    std::uint64_t after = 0;

    auto operator<=>(const RowLink&) const = default;
};

struct RowPlace {
    std::uint64_t place = 0; ///< 1, 2, …
    std::uint64_t row = 0;

    auto operator<=>(const RowPlace&) const = default;
};

/// Puts each of `rows` behind those it waits for, and otherwise leaves them in their order, which
/// is ascending. Rows that wait for each other get the same place. `links` to other rows count for
/// nothing. Takes linear time but for sorting, and no stack.
[[nodiscard]] std::vector<RowPlace> order_rows(const std::vector<std::uint64_t>& rows,
                                               const std::vector<RowLink>& links);

} // namespace dbbackup::pg
