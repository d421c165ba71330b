#pragma once

#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/database_identity.hpp>
#include <dbbackup/pg/session.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// What the placing of rows must know of the database that they go into.

namespace dbbackup::pg {

/// A type as SQL names it, whatever the search_path is.
struct PlacingType {
    std::string name;            ///< "numeric(5,2)", "public.email"
    std::string plain;           ///< "numeric", "text": without modifier and domains
    std::uint32_t plain_oid = 0; ///< of `plain`
    /// Of `plain`, as "operator(schema.=)"; empty if it cannot be compared.
    std::string equals;
    std::string greater; ///< likewise

    /// Not every value of `plain` is one of `name`, or stays as it is.
    [[nodiscard]] bool is_restricted() const { return name != plain; }

    bool operator==(const PlacingType&) const = default;
};

struct PlacingColumn {
    std::string name;
    PlacingType type;
    bool is_not_null = false;
    bool has_default = false;
    bool is_generated = false;       ///< computed from others
    bool is_always_identity = false; ///< takes a value only with OVERRIDING SYSTEM VALUE
    /// The sequence that numbers it (serial, identity), quoted for SQL; empty if none does.
    std::string sequence;
    /// Sequences that its default uses otherwise, quoted for SQL.
    std::vector<std::string> default_sequences;

    [[nodiscard]] bool is_numbered() const { return !sequence.empty(); }

    bool operator==(const PlacingColumn&) const = default;
};

/// A unique index, or the one of a constraint.
struct PlacingUnique {
    std::string name;
    std::vector<std::string> columns; ///< empty if it is on expressions or on some rows only
    bool is_primary = false;
    bool is_key = false; ///< identifies every row: valid, immediate, columns that are NOT NULL

    bool operator==(const PlacingUnique&) const = default;
};

/// A foreign key.
struct PlacingReference {
    std::string name;
    std::vector<std::string> columns;
    RelationName parent;
    std::vector<std::string> parent_columns; ///< in the order of `columns`
    bool is_deferrable = false;
    char on_delete = 'a'; ///< pg_constraint.confdeltype: a, r: refuses; c, n, d: changes the child

    bool operator==(const PlacingReference&) const = default;
};

/// A trigger that fires in an ordinary session.
struct PlacingTrigger {
    RelationName table; ///< or one of its partitions
    std::string name;
    bool always = false; ///< ENABLE ALWAYS
    bool on_insert = false;
    bool on_update = false;
    bool on_delete = false;

    bool operator==(const PlacingTrigger&) const = default;
};

/// A table, or a partitioned table with all of its partitions.
struct PlacingTable {
    RelationName table;
    char kind = 'r'; ///< pg_class.relkind: r, p, or what rows cannot be placed in (v, m, f)
    std::vector<PlacingColumn> columns;
    std::vector<PlacingUnique> uniques;
    std::vector<PlacingReference> references;
    std::vector<PlacingTrigger> triggers;
    std::vector<RelationName> leaves; ///< partitions that have the rows
    std::vector<std::string> rules;   ///< those that rewrite an INSERT, UPDATE or DELETE

    [[nodiscard]] const PlacingColumn* find(const std::string& column) const;

    bool operator==(const PlacingTable&) const = default;
};

struct PlacingTarget {
    DatabaseIdentity identity; ///< not read by read_placing_target()
    std::map<RelationName, PlacingTable> tables;
    std::map<RelationName, RelationName> partitions; ///< to their topmost partitioned table
    /// Types that the source names, without modifier and domains. Those that the database lacks are
    /// not there.
    std::map<std::string, PlacingType> source_types;

    bool operator==(const PlacingTarget&) const = default;
};

/// Reads it with an empty search_path. `source_types` are names from a file, not trusted. Throws
/// ServerError.
[[nodiscard]] PlacingTarget read_placing_target(Session& session,
                                                const std::vector<std::string>& source_types);

} // namespace dbbackup::pg
