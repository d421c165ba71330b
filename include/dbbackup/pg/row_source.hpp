#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/database_identity.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What a source of rows (a dump or an export) says of itself. Names are as in
// base::to_valid_utf8().

namespace dbbackup::pg {

/// A column that has another table's key in place of an id.
struct SourceReference {
    RelationName table;
    std::vector<std::string> columns; ///< if there are several, a value is a JSON array of strings

    bool operator==(const SourceReference&) const = default;
};

struct SourceColumn {
    std::string name;
    std::string type; ///< as format_type() writes it; empty if unknown
    std::optional<SourceReference> reference = std::nullopt;

    bool operator==(const SourceColumn&) const = default;
};

struct SourceTable {
    RelationName table;
    std::vector<SourceColumn> columns; ///< in the order of its rows' fields
    std::vector<std::string> key = {}; ///< of its primary key; empty if unknown or none
    /// The topmost table whose partition this is.
    std::optional<RelationName> partitioned = std::nullopt;
    std::uint64_t rows = 0;

    bool operator==(const SourceTable&) const = default;
};

struct RowSource {
    std::string name;           ///< of the file, for people
    std::string database;       ///< empty if unknown
    std::string encoding;       ///< of the rows, as client_encoding takes it
    std::string schema_version; ///< the newest migration; empty if unknown
    std::string timezone;       ///< of times without a zone; empty if unknown
    DatabaseIdentity identity;  ///< of that database
    std::optional<base::UtcTime> taken_at = std::nullopt;
    std::vector<SourceTable> tables;
};

} // namespace dbbackup::pg
