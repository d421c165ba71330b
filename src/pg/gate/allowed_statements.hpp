#pragma once

#include "pg/gate/token_patterns.hpp"

namespace dbbackup::pg {

/// Exactly the statements that pg_dump 9.0 to 18 and pg_restore -f of any version write for one
/// database, except BEGIN and COMMIT. The only expressions in them are stored ones: defaults,
/// views, index expressions and the like. Whatever would be computed at once is a literal.
[[nodiscard]] const TokenPatterns& allowed_statements();

} // namespace dbbackup::pg
