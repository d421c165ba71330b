#pragma once

#include "pg/sql/statement.hpp"

#include <dbbackup/pg/dump_scanner.hpp>

#include <string>
#include <unordered_map>

namespace dbbackup::pg {

/// Collects what a dump holds from its statements, in their order.
class ContentsCollector {
public:
    /// For any statement but a COPY.
    void take(const Statement& statement);

    /// For a COPY into that table: the place of the table in contents().
    std::size_t take_copy(const QualifiedName& table);

    [[nodiscard]] const DumpContents& contents() const noexcept { return contents_; }

    /// For the rows of a COPY.
    [[nodiscard]] ScannedTable& table(std::size_t place) { return contents_.tables[place]; }

    /// Where unqualified names belong, or empty.
    [[nodiscard]] const std::string& search_schema() const noexcept { return search_schema_; }

private:
    std::size_t find_or_add_table(const QualifiedName& name);
    void add_schema(const std::string& schema);

    DumpContents contents_;
    std::unordered_map<std::string, std::size_t> table_index_; ///< by schema, NUL, name
    std::string search_schema_;
};

} // namespace dbbackup::pg
