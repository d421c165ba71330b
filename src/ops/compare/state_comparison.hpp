#pragma once

#include "ops/compare/compared_side.hpp"

#include <dbbackup/ops/compare.hpp>
#include <dbbackup/pg/name_pattern.hpp>

#include <vector>

// What two states differ in, besides the rows: pure functions of both.

namespace dbbackup::ops {

/// Which tables and sequences count.
struct ComparedNames {
    std::vector<pg::NamePattern> patterns; ///< empty: all
    /// Only what this side has: the other is a part, or has more that nobody asked for.
    bool only_of_then = false;
    bool only_of_now = false;

    [[nodiscard]] bool has(const pg::RelationName& name) const;
};

/// The tables of both with their columns, by name; rows are not compared yet.
[[nodiscard]] std::vector<ComparedTable> compare_tables(const pg::DatabaseState& then,
                                                        const pg::DatabaseState& now,
                                                        const ComparedNames& names);

/// Fills in sequences, constraints, indexes and migrations of `report`. Of a table that is new or
/// gone, nothing is said.
void compare_rest(const ComparedSide& then, const ComparedSide& now, const ComparedNames& names,
                  CompareReport& report);

} // namespace dbbackup::ops
