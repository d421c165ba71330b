#pragma once

#include "ops/drill/drill.hpp"
#include "ops/drill/scratch_database.hpp"

#include <dbbackup/pg/compare_outlines.hpp>
#include <dbbackup/pg/dump_outline.hpp>

#include <vector>

namespace dbbackup::ops {

/// How each of `tables` was compared. If one differs only in its text, its rows are compared again,
/// column by column or by value, and `match` is set if they are equal.
[[nodiscard]] std::vector<ProvenTable> prove_tables(const ScratchDatabase& scratch,
                                                    const DrillJob& job, const ChildWatch& watch,
                                                    const pg::DumpOutline& dump,
                                                    std::vector<pg::ComparedTable>& tables);

} // namespace dbbackup::ops
