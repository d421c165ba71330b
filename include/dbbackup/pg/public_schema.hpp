#pragma once

#include <dbbackup/pg/session.hpp>

#include <string>

// Schema `public`, which every database has. Before 15 it belongs to the server's first superuser,
// so that the database's owner can neither drop it nor set anything for it.

namespace dbbackup::pg {

/// Something that keeps our role from restoring into `public`.
struct PublicObjection {
    std::string reason; ///< for people: "table t belongs to postgres"
    std::string remedy; ///< SQL that a superuser can run against it
    std::string flag;   ///< of `restore`, which leaves out what needs more rights, or empty
};

/// True if the database has `public`, and our role cannot drop it and create it again as initdb
/// does.
[[nodiscard]] bool must_keep_public(Session& session);

} // namespace dbbackup::pg
