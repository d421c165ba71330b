#pragma once

#include "pg/sql/sql_words.hpp"

namespace dbbackup::pg {

/// `words` without each `::type`, and without the `AS text` behind a `::text`.
[[nodiscard]] SqlWords without_casts(SqlWordSpan words);

} // namespace dbbackup::pg
