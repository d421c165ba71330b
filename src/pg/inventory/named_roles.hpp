#pragma once

#include "pg/sql/statement.hpp"

#include <string>
#include <vector>

namespace dbbackup::pg {

/// Roles that must exist for the statement to succeed.
[[nodiscard]] std::vector<std::string> find_roles(const Statement& statement);

} // namespace dbbackup::pg
