#pragma once

#include <dbbackup/pg/connection_url.hpp>

#include <string>

namespace dbbackup::ops {

/// " The server has: shop, staging.", for a hint if the database of `connection` is missing; empty
/// if the server does not list them.
[[nodiscard]] std::string tell_databases(const pg::Connection& connection);

} // namespace dbbackup::ops
