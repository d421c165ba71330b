#pragma once

#include "ops/compare/compared_side.hpp"

#include <dbbackup/ops/compare.hpp>

#include <cstdint>

namespace dbbackup::ops {

/// Compares the rows of one table by its primary key: reads each side twice, first for hashes, then
/// for the rows to show. `common` are the columns that both have. Throws base::Error.
[[nodiscard]] RowDifferences find_row_differences(ComparedSide& then, ComparedSide& now,
                                                  const TableColumns& common, std::uint64_t limit);

} // namespace dbbackup::ops
