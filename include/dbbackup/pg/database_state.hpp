#pragma once

#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/dump_outline.hpp>

#include <compare>
#include <string>
#include <vector>

// What `compare` knows of a database or a dump, besides the rows.

namespace dbbackup::pg {

struct StateColumn {
    std::string name;          ///< unquoted
    std::string type;          ///< as format_type() writes it; empty if unknown
    bool is_generated = false; ///< computed from others, so no row of a dump has it

    bool operator==(const StateColumn&) const = default;
};

/// The columns of a table that holds rows of its own.
struct StateTable {
    RelationName table;
    std::vector<StateColumn> columns; ///< in the order of its COPY, then those that are generated
    std::vector<std::string> key;     ///< the columns of its primary key, in their order
    /// False if the dump only names those that its rows have: it has no CREATE TABLE, or one that
    /// takes columns from another table or a type. Then most types are unknown, too.
    bool has_all_columns = true;
    bool knows_generated = true; ///< false: it has no rows in the dump, which would tell
    bool is_elsewhere = false; ///< in a database: the rows are in partitions, or on another server

    bool operator==(const StateTable&) const = default;
};

/// A constraint or an index, and the table that has it.
struct StatePart {
    RelationName table;
    std::string name;

    auto operator<=>(const StatePart&) const = default;
};

/// The table in which a tool records which migrations it has applied.
struct MigrationState {
    std::string tool; ///< "Prisma"
    RelationName table;
    std::vector<std::string> applied; ///< their names, sorted, each once

    bool operator==(const MigrationState&) const = default;
};

struct DatabaseState {
    std::string encoding; ///< of the rows, as client_encoding takes it; empty if unknown
    std::vector<StateTable> tables;
    std::vector<SequenceState> sequences;
    std::vector<StatePart> not_validated; ///< constraints that are NOT VALID
    std::vector<MigrationState> migrations;

    bool operator==(const DatabaseState&) const = default;
};

} // namespace dbbackup::pg
