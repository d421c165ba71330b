#pragma once

#include "pg/sql/read_sql.hpp"
#include "pg/sql/script_listener.hpp"

#include <string>

namespace dbbackup::pg {

/// A statement as in a script, for the tests.
class Parsed {
public:
    explicit Parsed(std::string sql, std::string search_schema = {})
        : sql_(std::move(sql)), search_schema_(std::move(search_schema)),
          head_(read_statement(sql_)) {}

    [[nodiscard]] const Statement& head() const noexcept { return head_; }

    [[nodiscard]] ScriptStatement statement() const {
        return {.sql = sql_,
                .offset = 0,
                .head = head_,
                .sql_is_whole = true,
                .search_schema = search_schema_};
    }

private:
    std::string sql_;
    std::string search_schema_;
    Statement head_;
};

/// "schema.name", or "" for none.
inline std::string shown(const std::optional<QualifiedName>& name) {
    return name ? name->schema + "." + name->name : "";
}

} // namespace dbbackup::pg
