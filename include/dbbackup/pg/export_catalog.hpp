#pragma once

#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/session.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

// What an export asks the catalog, besides read_live_state(). All functions throw ServerError.

namespace dbbackup::pg {

struct CatalogTable {
    std::uint32_t oid = 0;
    RelationName table;
    bool is_partitioned = false; ///< its rows are in its partitions
    bool is_foreign = false;     ///< its rows are on another server
    bool hides_rows = false;     ///< a policy of row-level security hides some from this role
    std::vector<RelationName> ancestors = {}; ///< whose partition it is, the nearest first
};

/// The user's tables, by schema and name.
[[nodiscard]] std::vector<CatalogTable> read_catalog_tables(Session& session);

/// Those of `tables` in which a tool records migrations and that this role may read.
[[nodiscard]] std::vector<RelationName>
find_migration_tables(Session& session, const std::vector<CatalogTable>& tables);

/// The session's, in which an application reads times without a zone. Throws ServerError.
[[nodiscard]] std::string read_time_zone(Session& session);

struct LiveForeignKey {
    std::string name;
    RelationName child;
    RelationName parent;
    bool child_is_partitioned = false;
    bool parent_is_partitioned = false;

    struct Pair {
        std::string child_column;
        std::string parent_column;
        std::string equality; ///< the operator with its schema, as SQL; the parent is on its left
    };

    std::vector<Pair> columns;
};

/// Each once: of partitioned tables those that were declared, not what partitions inherit.
[[nodiscard]] std::vector<LiveForeignKey> read_foreign_keys(Session& session);

/// The columns of each unique index on a table that makes them unique for all rows: neither
/// partial, nor of expressions, nor invalid.
[[nodiscard]] std::vector<std::vector<std::string>> read_unique_columns(Session& session,
                                                                        const RelationName& table);

/// The columns of a table that can be NULL.
[[nodiscard]] std::vector<std::string> read_nullable_columns(Session& session,
                                                             const RelationName& table);

/// Large objects, which no table has.
[[nodiscard]] bool has_large_objects(Session& session);

} // namespace dbbackup::pg
