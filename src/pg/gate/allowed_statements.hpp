#pragma once

#include "pg/gate/token_patterns.hpp"

namespace dbbackup::pg {

/// The statements that pg_dump 9.0 to 18 and the pg_restore -f of any version write of one
/// database, but for BEGIN and COMMIT, and nothing else. What they hold of expressions is what is
/// stored: defaults, views, index expressions and the like. Whatever would be computed at once is a
/// literal.
[[nodiscard]] const TokenPatterns& allowed_statements();

} // namespace dbbackup::pg
