#pragma once

#include "ops/compare/compared_side.hpp"

#include <dbbackup/ops/compare.hpp>

#include <vector>

namespace dbbackup::ops {

/// The rows of `tables` in both states: how many, and whether they are the same. Throws
/// base::Error.
void compare_rows(ComparedSide& then, ComparedSide& now, CompareContents contents,
                  std::vector<ComparedTable>& tables);

/// The columns of a table that the rows of both states have.
[[nodiscard]] TableColumns find_common_columns(const ComparedSide& then, const ComparedSide& now,
                                               const pg::RelationName& table);

/// The table whose rows `--rows` asks for. Throws base::Error{usage} if `asked` names none or
/// several of `tables`, and {failed} if its rows cannot be compared.
[[nodiscard]] pg::RelationName find_asked_table(const std::string& asked,
                                                const std::vector<ComparedTable>& tables);

} // namespace dbbackup::ops
