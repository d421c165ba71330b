#pragma once

#include <dbbackup/pg/session.hpp>

// Schema `public`, which every database has. Before 15 it belongs to the server's first superuser,
// so that the database's owner can neither drop it nor set anything for it.

namespace dbbackup::pg {

/// True if the database has `public`, and our role cannot drop it and create it again as initdb
/// does, or cannot create an extension again that would be dropped with it.
[[nodiscard]] bool must_keep_public(Session& session);

} // namespace dbbackup::pg
