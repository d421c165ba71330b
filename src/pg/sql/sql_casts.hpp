#pragma once

#include "pg/sql/word.hpp"

namespace dbbackup::pg {

/// `words` without each `::type`, and without the `AS text` after a `::text`.
[[nodiscard]] Words without_casts(WordSpan words);

} // namespace dbbackup::pg
