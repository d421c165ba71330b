#pragma once

#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/dumped_public.hpp>
#include <dbbackup/pg/table_columns.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// Something that a dump's CREATE statement makes.
struct DumpObject {
    /// As DROP names it, in lower case: "table", "materialized view", "function", "event trigger".
    std::string kind;
    std::string schema; ///< empty for objects outside schemas
    /// Unquoted. For a routine or an operator, without its arguments. For a cast, what is between
    /// its parentheses; for a transform, "FOR type LANGUAGE name", as SQL without unneeded quotes.
    std::string name;

    auto operator<=>(const DumpObject&) const = default;
};

/// CREATE EXTENSION … [WITH SCHEMA …].
struct DumpedExtension {
    std::string name;
    std::string schema; ///< empty if the dump does not say

    auto operator<=>(const DumpedExtension&) const = default;
};

/// What belongs to a table and has its own name.
struct TablePart {
    /// "index" (a constraint's too), "sequence" (owned), "statistics", "partition".
    std::string kind;
    std::string schema;
    std::string name;
    std::string table_schema;
    std::string table;

    auto operator<=>(const TablePart&) const = default;
};

/// ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY.
struct ForeignKey {
    std::string name;
    RelationName table; ///< that has it
    RelationName referenced;

    auto operator<=>(const ForeignKey&) const = default;
};

/// A role that is needed by a statement about a table, view, sequence or index; or, without a
/// relation, about the schema or something else in it.
struct RelationRole {
    std::string role;
    std::string schema;
    std::string relation;

    auto operator<=>(const RelationRole&) const = default;
};

/// Rows as INSERT statements (pg_dump --inserts), which no fingerprint covers.
struct InsertedTable {
    std::string schema;
    std::string name;
    std::uint64_t rows = 0;

    auto operator<=>(const InsertedTable&) const = default;
};

/// A C function whose code is in a file outside the server's library directory.
struct OutsideFunction {
    std::string schema;
    std::string name;
    std::string file; ///< as in the dump, or "dynamic_library_path"

    auto operator<=>(const OutsideFunction&) const = default;
};

/// What a dump sets for a schema, a language, or everything that a role creates from then on,
/// whoever made that schema or language.
struct DumpedTrait {
    std::string kind; ///< "owner", "privileges", "comment", "security label", "default privileges"
    std::string of;   ///< "schema", "language", or empty: default privileges in all schemas
    std::string name; ///< of that schema or language
    std::string role; ///< whose default privileges

    auto operator<=>(const DumpedTrait&) const = default;
};

/// One privilege of an ALTER DEFAULT PRIVILEGES.
struct DefaultPrivilegeChange {
    DumpedTrait trait;
    char object_kind = ' '; ///< as in pg_default_acl.defaclobjtype; a blank if it is not understood
    PrivilegeChange change; ///< "ALL" for all privileges that such an object can have

    auto operator<=>(const DefaultPrivilegeChange&) const = default;
};

/// What a dump will make in a database, as far as a restore must know before it begins. Read from
/// the statements themselves, never from comments.
struct DumpInventory {
    /// In the order of the dump, each once. Without schemas, extensions and large objects, which
    /// are below, and without what belongs to a table: triggers, rules, policies, constraints.
    std::vector<DumpObject> objects;
    std::vector<std::string> created_schemas; ///< by CREATE SCHEMA, in the order of the dump
    std::vector<DumpedExtension> extensions;
    std::vector<std::uint32_t> large_objects; ///< by their OIDs
    /// Roles that must exist: owners, and those that get privileges. Sorted, each once.
    std::vector<std::string> roles;
    /// Those of them that own what only superusers may own: event triggers, foreign-data wrappers,
    /// publications of all tables, subscriptions of servers before 16. Sorted, each once.
    std::vector<std::string> superusers;
    std::vector<std::string> tablespaces; ///< that tables and indexes are in; sorted, each once
    std::string encoding; ///< of its text and names, as client_encoding takes it, or empty
    std::vector<RelationRole> relation_roles; ///< sorted, each once
    std::vector<TablePart> table_parts;       ///< sorted, each once
    std::vector<ForeignKey> foreign_keys;     ///< in the order of the dump
    /// Tables, views, sequences and indexes that its statements are about, or its foreign keys and
    /// partitions refer to, but that it does not make; sorted, each once. Without PostgreSQL's own.
    /// If the dump makes an extension, they may be the extension's.
    std::vector<RelationName> unmade_relations;
    std::vector<InsertedTable> inserted;                    ///< by schema and name
    std::vector<OutsideFunction> outside_functions;         ///< in the order of the dump
    std::vector<DumpedColumns> columns;                     ///< likewise; not of every table
    std::vector<RelationName> set_sequences;                ///< by setval(); sorted, each once
    std::vector<DumpedTrait> traits;                        ///< sorted, each once
    std::vector<DefaultPrivilegeChange> default_privileges; ///< in the order of the dump
    std::vector<RelationName> secured_tables; ///< with row-level security; sorted, each once
    std::vector<RelationName> forced_tables;  ///< whose owners it holds for, too; likewise
    DumpedPublic of_public;                   ///< what it sets for schema `public`
    /// What the target must lose although the dump does not make it (restore --drop-missing).
    std::vector<RelationName> unwanted_relations;
    std::vector<std::string> unwanted_schemas;
    bool drops_extensions = false; ///< those in dropped schemas, even if the dump lacks them
    std::string server_version;    ///< "15.20 (Debian …)", from the head comment, or empty
    std::string pg_dump_version;   ///< the same for pg_dump
};

/// Sequences that the dump sets but does not make: the target must have them.
[[nodiscard]] std::vector<RelationName> find_loose_sequences(const DumpInventory& inventory);

} // namespace dbbackup::pg
