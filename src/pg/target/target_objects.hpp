#pragma once

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/session.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// What users made in a database, according to its catalogs.

namespace dbbackup::pg {

/// What happens to an object before a dump is restored.
enum class Fate {
    stays,
    emptied,        ///< a table that loses its rows
    dropped,        ///< by a statement that names it
    with_schema,    ///< dropped with its schema
    with_extension, ///< dropped with the extension that it is a part of
    with_table,     ///< dropped with the table that it belongs to
};

struct TargetObject {
    DumpObject id;            ///< kind, schema and name as in a dump's inventory; also "schema"
    std::string class_oid;    ///< of the catalog that it is in
    std::string oid;          ///< empty for a subscription: not every role may read it
    std::string sql;          ///< as written in DROP after the kind
    std::string extension;    ///< of which it is a member, or empty
    std::string table_oid;    ///< the table that an index or an owned sequence belongs to, or empty
    std::string other_owner;  ///< of one outside schemas that our role may not drop; else empty
    char relation_kind = ' '; ///< pg_class.relkind
    bool is_readable = false; ///< a table of which we may see every row
    bool gets_loose_rows = false; ///< a table that the dump has rows for, but does not make
    bool is_left_alone = false;   ///< it stays only because it belongs to somebody else
    Fate fate = Fate::stays;

    [[nodiscard]] bool goes() const noexcept {
        return fate != Fate::stays && fate != Fate::emptied;
    }
};

/// An extension that every new database has; all dumps by its owner have CREATE EXTENSION IF NOT
/// EXISTS for it.
inline constexpr std::string_view k_plpgsql = "plpgsql";

struct TargetExtension {
    DumpedExtension id;
    std::string class_oid;
    std::string oid;
    Fate fate = Fate::stays;

    [[nodiscard]] bool goes() const noexcept { return fate != Fate::stays; }
};

struct TargetObjects {
    int version_number = 0;
    /// The target has schema `public`, and our role cannot drop it and create all again: its
    /// content must be dropped without it.
    bool keeps_public = false;
    /// Without PostgreSQL's own and without temporary ones, extensions and large objects; members
    /// of extensions included.
    std::vector<TargetObject> objects;
    std::vector<TargetExtension> extensions;
    std::vector<std::uint32_t> large_objects;
    /// The partitions of each partitioned table, by OIDs.
    std::multimap<std::string, std::string> partitions;
    std::set<std::string> with_foreign_keys; ///< OIDs of partitioned tables that have any
    std::set<std::string> secured_tables;    ///< OIDs of those with row-level security
    std::set<std::string> forced_tables;     ///< and of those whose owners it holds for, too
};

/// Reads them all, with `Fate::stays`. The session's search_path must be bare.
[[nodiscard]] TargetObjects read_target_objects(Session& session);

/// Class and object OIDs of all that goes, as two array parameters for SQL.
[[nodiscard]] std::vector<std::string> going_parameters(const TargetObjects& target);

} // namespace dbbackup::pg
