#pragma once

#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/pg/session.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

/// The names of `tables` as SQL takes them, in the same order; empty for one that is not there. The
/// session's client_encoding must be the one that the names are in.
[[nodiscard]] std::vector<std::string> find_tables(Session& session,
                                                   const std::vector<ScannedTable>& tables);

/// Constraints in `schemas` that are NOT VALID, for people: "name on table".
[[nodiscard]] std::vector<std::string> find_not_validated(Session& session,
                                                          const std::vector<std::string>& schemas);

} // namespace dbbackup::pg
