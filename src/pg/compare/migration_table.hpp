#pragma once

#include <dbbackup/pg/database_state.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// A table that looks like one in which a tool records its migrations: by its name and columns, in
/// any schema. The shapes are those that the tools create, as of 2026.
class MigrationTable {
public:
    /// Nothing if a table of that name with these columns is none.
    [[nodiscard]] static std::optional<MigrationTable>
    recognize(const RelationName& table, const std::vector<std::string>& columns);

    /// A row in COPY's text format, with the columns of recognize(), without its line end.
    void take(std::string_view row);

    /// Nothing if it has more rows than any tool's table.
    [[nodiscard]] std::optional<MigrationState> state() const;

private:
    MigrationTable() = default;

    MigrationState state_;
    std::vector<std::size_t> names_;         ///< columns that together name a migration
    std::optional<std::size_t> finished_;    ///< NULL: it was not applied to its end
    std::optional<std::size_t> rolled_back_; ///< not NULL: it does not count any more
    std::optional<std::size_t> succeeded_;   ///< a boolean
    std::size_t columns_ = 0;
};

/// The names that such tables have.
[[nodiscard]] std::vector<std::string> migration_table_names();

} // namespace dbbackup::pg
