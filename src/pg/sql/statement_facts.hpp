#pragma once

#include "pg/sql/statement.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What a single statement says.

namespace dbbackup::pg {

/// COPY … FROM stdin: the table whose rows follow on the next line.
[[nodiscard]] std::optional<QualifiedName> find_copied_table(const Statement& statement);

/// COPY … FROM stdin and nothing more, in text format and without a condition.
[[nodiscard]] bool copies_plainly(const Statement& statement);

/// CREATE TABLE: a table that holds its own rows and outlives the session. Not a foreign or
/// partitioned one.
[[nodiscard]] std::optional<QualifiedName> find_created_table(const Statement& statement);

/// CREATE SCHEMA: its name.
[[nodiscard]] std::optional<std::string> find_created_schema(const Statement& statement);

/// SET [SESSION|LOCAL] name = value, or RESET name.
struct Assignment {
    std::string parameter;            ///< in lower case: the server accepts any
    std::optional<std::string> value; ///< the first one, without its quotes; nothing for RESET
};

[[nodiscard]] std::optional<Assignment> find_assignment(const Statement& statement);

/// SET `name`: the new value, without its quotes.
[[nodiscard]] std::optional<std::string> find_setting(const Statement& statement,
                                                      std::string_view name);

/// SET standard_conforming_strings: the new value.
[[nodiscard]] std::optional<bool> find_standard_strings(const Statement& statement);

/// SELECT [schema.]function(…): the function's name, or nothing.
[[nodiscard]] std::string find_called_function(const Statement& statement);

/// SET, RESET, and set_config().
[[nodiscard]] bool is_setting(const Statement& statement);

/// SELECT pg_catalog.lo_create(…), as pg_dump writes it for each large object.
[[nodiscard]] bool creates_large_object(const Statement& statement);

/// SELECT * FROM pg_catalog.pg_restore_relation_stats(…) or pg_restore_attribute_stats(…), as
/// pg_dump --statistics writes them from version 18 on: the function's name, or nothing.
[[nodiscard]] std::string find_statistics_function(const Statement& statement);

/// INSERT INTO, as pg_dump --inserts writes rows.
struct InsertStatement {
    QualifiedName table;
    std::uint64_t rows = 0; ///< one if it does not say
};

[[nodiscard]] std::optional<InsertStatement> find_inserted_rows(const Statement& statement);

} // namespace dbbackup::pg
