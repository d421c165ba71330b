#pragma once

#include <dbbackup/pg/session.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

/// The statements that make schema `public` as initdb of the server's version does: pg_dump writes
/// only what differs from that. If it is `closed` (DumpedPublic::starts_closed), PUBLIC may not
/// create in it, as in 15.
[[nodiscard]] std::vector<std::string> create_public(Session& session, int version_number,
                                                     bool closed);

} // namespace dbbackup::pg
