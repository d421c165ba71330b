#pragma once

#include <dbbackup/pg/session.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

/// The statements that make schema `public` as initdb of the server's version does: pg_dump writes
/// only what differs from that.
[[nodiscard]] std::vector<std::string> create_public(Session& session, int version_number);

} // namespace dbbackup::pg
