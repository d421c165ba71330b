#pragma once

#include "pg/sql/word.hpp"

namespace dbbackup::pg {

/// `words`, a statement's, without casts, without what the server writes from a parse tree: of each
/// expression and query only the literals are left. So two statements have the same skeleton if
/// they differ only in what another version of the server can write differently: a view's query,
/// but not its name, the body of a function in a string, an owner or a comment.
[[nodiscard]] Words skeleton(WordSpan words);

} // namespace dbbackup::pg
