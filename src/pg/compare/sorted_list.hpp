#pragma once

#include "pg/sql/word.hpp"

namespace dbbackup::pg {

/// The words of a statement, with the list in it that means the same in any order, if it has one,
/// sorted.
[[nodiscard]] Words with_sorted_list(Words words);

} // namespace dbbackup::pg
