#pragma once

#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/pg/session.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

/// The names of `tables`, quoted for SQL, in the same order; empty for one that does not exist. The
/// session's client_encoding must be that of the names.
[[nodiscard]] std::vector<std::string> find_tables(Session& session,
                                                   const std::vector<ScannedTable>& tables);

/// Constraints in `schemas` that are NOT VALID, for people: "name on table".
[[nodiscard]] std::vector<std::string> find_not_validated(Session& session,
                                                          const std::vector<std::string>& schemas);

} // namespace dbbackup::pg
