#pragma once

#include "pg/sql/read_sql.hpp"
#include "pg/sql/script_listener.hpp"

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// CREATE TABLE in the words of servers before 18.
struct OlderCreateTable {
    std::string create;
    std::vector<std::string> then; ///< ALTER TABLE … SET NOT NULL
};

/// pg_dump 18 writes NOT NULL of an inherited column as an item of its own, also if it dumps an
/// older server, which does not know that: CREATE TABLE child ( NOT NULL a ) INHERITS (parent).
/// Nothing if the statement has no such item.
[[nodiscard]] std::optional<OlderCreateTable>
without_not_null_items(const ScriptStatement& statement, Backslashes backslashes);

} // namespace dbbackup::pg
