#include "pg/placing/placing_draft.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

// Parents before their children.

namespace dbbackup::pg {

namespace {

class Ordering {
public:
    explicit Ordering(PlacingDraft& draft) : draft_(draft) {
        for (const TablePlacing& table : draft.plan.tables) {
            left_.insert(table.target.table);
        }
        std::ranges::sort(draft.plan.tables, {},
                          [](const TablePlacing& table) { return table.target.table; });
    }

    void run() {
        std::vector<TablePlacing> ordered;
        while (!left_.empty()) {
            auto next = std::ranges::find_if(draft_.plan.tables, [this](const TablePlacing& table) {
                return left_.contains(table.target.table) && waiting_for(table).empty();
            });
            if (next == draft_.plan.tables.end()) {
                next = break_cycle();
            }
            left_.erase(next->target.table);
            ordered.push_back(*next);
        }
        draft_.plan.tables = std::move(ordered);
        for (std::size_t i = 0; i < draft_.plan.tables.size(); ++i) {
            draft_.placing_of[draft_.plan.tables[i].target.table] = i;
        }
    }

private:
    using Tables = std::vector<TablePlacing>;

    /// Its foreign keys to tables that are not in order yet. One to itself does not count: a single
    /// INSERT satisfies it.
    [[nodiscard]] std::vector<const PlacingReference*>
    waiting_for(const TablePlacing& table) const {
        std::vector<const PlacingReference*> waiting;
        for (const PlacingReference& reference : table.target.references) {
            if (reference.parent != table.target.table && left_.contains(reference.parent)) {
                waiting.push_back(&reference);
            }
        }
        return waiting;
    }

    /// It can be NULL at first, and be set once all rows are there.
    [[nodiscard]] static bool can_wait(const TablePlacing& table,
                                       const PlacingReference& reference) {
        return reference.is_deferrable ||
               std::ranges::any_of(reference.columns, [&table](const std::string& name) {
                   const PlacingColumn* column = table.target.find(name);
                   const auto places = find_places(table, {name});
                   return column != nullptr && !column->is_not_null && places &&
                          std::ranges::count(table.key, places->front()) == 0;
               });
    }

    /// A table whose foreign keys can all wait.
    Tables::iterator break_cycle() {
        const auto found = std::ranges::find_if(draft_.plan.tables, [this](const auto& table) {
            return left_.contains(table.target.table) &&
                   std::ranges::all_of(waiting_for(table), [&table](const auto* reference) {
                       return can_wait(table, *reference);
                   });
        });
        if (found != draft_.plan.tables.end()) {
            return found;
        }
        const auto first = std::ranges::find_if(draft_.plan.tables, [this](const auto& table) {
            return left_.contains(table.target.table);
        });
        draft_.object(*first,
                      fmt::format("its foreign key {} is part of a circle, and must hold at once",
                                  waiting_for(*first).front()->name),
                      "Make a foreign key of the circle DEFERRABLE, or allow NULL in its columns.");
        return first;
    }

    PlacingDraft& draft_;
    std::set<RelationName> left_;
};

} // namespace

void put_in_order(PlacingDraft& draft) {
    Ordering{draft}.run();
}

} // namespace dbbackup::pg
