#pragma once

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/pg/placing_plan.hpp>

#include <map>
#include <string>
#include <vector>

// The steps of plan_placing(), in their order. Each adds to the plan, or an objection.

namespace dbbackup::pg {

/// A plan in the making, and what it is made from.
struct PlacingDraft {
    const RowSource& source;
    const PlacingTarget& target;
    const ImportMap& map;
    PlacingPlan plan;
    std::map<RelationName, std::size_t> placing_of; ///< by the target's table, once in order

    void object(const std::string& what, const std::string& remedy) {
        plan.objections.push_back({what, remedy});
    }

    void object(const TablePlacing& table, const std::string& what, const std::string& remedy) {
        object(base::dotted_name(table.target.table.schema, table.target.table.name) + ": " + what,
               remedy);
    }

    [[nodiscard]] bool updates_or_adds() const { return plan.options.mode != PlacingMode::replace; }

    /// The source's database is the target: what it has numbered means the same there.
    [[nodiscard]] bool is_same_database() const {
        return source.identity.is_known() && source.identity == target.identity;
    }
};

/// "schema.name".
[[nodiscard]] inline std::string dotted(const RelationName& table) {
    return base::dotted_name(table.schema, table.name);
}

/// The value of `by_table` for a table: under "schema.name", or under "name". Or null.
template <typename Value>
[[nodiscard]] const Value* find_for_table(const std::map<std::string, Value>& by_table,
                                          const RelationName& table) {
    auto found = by_table.find(dotted(table));
    if (found == by_table.end()) {
        found = by_table.find(table.name);
    }
    return found == by_table.end() ? nullptr : &found->second;
}

/// What the map says of a table of the source, or of the partitioned table that it is a part of.
[[nodiscard]] const TableMap& map_of(const PlacingDraft& draft, const SourceTable& table);

void place_tables(PlacingDraft& draft);
void place_columns(PlacingDraft& draft);
void choose_keys(PlacingDraft& draft);
void choose_newer(PlacingDraft& draft);
/// Parents first. Also says which foreign keys must wait.
void put_in_order(PlacingDraft& draft);
void follow_references(PlacingDraft& draft);
void check_surroundings(PlacingDraft& draft);

} // namespace dbbackup::pg
