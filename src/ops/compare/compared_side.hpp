#pragma once

#include <dbbackup/ops/compare.hpp>
#include <dbbackup/pg/database_state.hpp>
#include <dbbackup/pg/row_digest.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::ops {

/// A table, and some of its columns in a certain order.
struct TableColumns {
    pg::RelationName table;
    std::vector<std::string> columns;

    bool operator==(const TableColumns&) const = default;
};

/// A row in COPY's text format, without its line end.
using RowReader = std::function<void(std::string_view row)>;

/// One of the two states that are compared: a dump or a database. All of it is of one moment.
class ComparedSide {
public:
    virtual ~ComparedSide() = default;

    [[nodiscard]] virtual ComparedState describe() const = 0;
    /// In names, bytes that are not UTF-8 are as in base::to_valid_utf8().
    [[nodiscard]] virtual const pg::DatabaseState& state() const = 0;
    /// Only a database has any: pg_dump leaves them out.
    [[nodiscard]] virtual std::vector<pg::StatePart> invalid_indexes() const = 0;

    /// Why the rows of this table are unknown, for people; empty if they are not.
    [[nodiscard]] virtual std::string rows_unknown(const pg::RelationName& table) const = 0;
    /// Rows and fingerprints of these columns, in the same order. Throws base::Error.
    [[nodiscard]] virtual std::vector<pg::RowDigest>
    digests(const std::vector<TableColumns>& tables) = 0;
    /// Likewise, only how many rows. Throws base::Error.
    [[nodiscard]] virtual std::vector<std::uint64_t>
    count_rows(const std::vector<pg::RelationName>& tables) = 0;
    /// All rows of one table, with these columns. Throws base::Error, and what `read` throws.
    virtual void read_rows(const TableColumns& table, const RowReader& read) = 0;
};

} // namespace dbbackup::ops
