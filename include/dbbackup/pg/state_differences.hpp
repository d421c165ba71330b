#pragma once

#include <dbbackup/pg/database_state.hpp>
#include <dbbackup/pg/table_columns.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

/// How the columns change from `then` to `now`, in ColumnChanges' terms: `now` of a ColumnType is
/// the type then, `after` the one now. A column that is or was generated has that in its type.
[[nodiscard]] ColumnChanges compare_columns(const StateTable& then, const StateTable& now);

/// Whether the types of all of its columns are known.
[[nodiscard]] bool knows_types(const StateTable& table);

/// The columns that the rows of both have, in the order of `then`.
[[nodiscard]] std::vector<std::string> common_columns(const StateTable& then,
                                                      const StateTable& now);

/// The names of the columns that its rows have.
[[nodiscard]] std::vector<std::string> copied_columns(const StateTable& table);

} // namespace dbbackup::pg
