#pragma once

#include "integration/placing/placing_case.hpp"

#include <dbbackup/pg/place_rows.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

// What becomes of the rows of a case, by the manual: slow, and as plain as can be.

namespace dbbackup::test {

enum class Answer { no, yes, either };

/// What is to be done with each table.
struct ModelTable {
    bool is_placed = false;              ///< the source has it
    std::vector<std::size_t> key;        ///< empty: none is needed
    std::vector<bool> stays;             ///< by column: not changed in rows that are there
    std::vector<bool> is_numbered;       ///< by column: new rows get new numbers
    std::vector<std::size_t> translated; ///< indexes into CaseTable::references
    std::optional<std::size_t> newer_by;
    bool updates = false;
};

struct ModelPlan {
    Answer refuses = Answer::no;
    std::string why; ///< it refuses
    std::vector<ModelTable> tables;
};

[[nodiscard]] ModelPlan plan_case(const PlacingCase& made);

struct ModelResult {
    bool refuses = false; ///< the target's numbers started anew
    std::vector<pg::PlacingCounts> tables;
    std::multiset<std::string> conflicts; ///< "table key"
    /// Of those, what only shows when rows are written.
    std::multiset<std::string> late_conflicts;
    /// By table: its rows. A new number is "#TABLE:ROW".
    std::vector<std::vector<Values>> rows;
};

/// Places all rows but conflicts.
[[nodiscard]] ModelResult place_case(const PlacingCase& made, const ModelPlan& plan);

/// The rows of a table, sorted, with new numbers replaced by what tells their rows apart: those of
/// the model and of the database are then the same.
[[nodiscard]] std::multiset<std::string> canonical_rows(const PlacingCase& made,
                                                        const ModelPlan& plan,
                                                        const std::vector<std::vector<Values>>& all,
                                                        std::size_t table);

} // namespace dbbackup::test
