#include "integration/placing/placing_model.hpp"

#include <algorithm>

namespace dbbackup::test {

namespace {

class Planner {
public:
    explicit Planner(const PlacingCase& made)
        : made_(made), options_(made.options), replaces_(options_.mode == pg::PlacingMode::replace),
          trusts_(options_.trusts_numbers || made.is_same_database) {
        plan_.tables.resize(made.tables.size());
    }

    ModelPlan run() {
        for (std::size_t i = 0; i < made_.tables.size(); ++i) {
            plan_table(i);
        }
        // What refers to a row by a reference changes if that does.
        for (bool changed = true; changed;) {
            changed = false;
            for (std::size_t i = 0; i < made_.tables.size(); ++i) {
                for (std::size_t r = 0; r < made_.tables[i].references.size(); ++r) {
                    changed |= plan_reference(i, r);
                }
            }
        }
        if (plan_.refuses == Answer::no && has_circle()) {
            plan_.refuses = Answer::either; // which of them can wait is tried elsewhere
        }
        return std::move(plan_);
    }

private:
    void refuse(const std::string& why) {
        plan_.refuses = Answer::yes;
        plan_.why += why + "\n";
    }

    void plan_table(std::size_t index) {
        const CaseTable& table = made_.tables[index];
        ModelTable& placed = plan_.tables[index];
        placed.is_placed = table.in_source;
        placed.stays.resize(table.columns.size(), false);
        placed.is_numbered.resize(table.columns.size(), false);
        if (!placed.is_placed) {
            return;
        }
        for (const CaseColumn& column : table.columns) {
            if (column.in_target && !column.in_source && column.is_not_null && !column.doubled &&
                !column.is_numbered() && !column.fallback) {
                refuse(table.name + ": nothing fills " + column.name);
            }
        }
        choose_key(table, placed);
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const CaseColumn& column = table.columns[i];
            const bool is_in_key = std::ranges::count(placed.key, i) > 0;
            if (column.is_numbered() && !column.in_source) {
                placed.is_numbered[i] = true;
            }
            if (replaces_) {
                continue;
            }
            if (is_in_key && column.is_numbered() && !trusts_) {
                refuse(table.name + ": its numbers say nothing");
            }
            if (!is_in_key && (column.is_numbered() || is_primary(table, i))) {
                placed.stays[i] = true;
                placed.is_numbered[i] =
                    column.is_numbered() && (!options_.keeps_numbers || !column.in_source);
            }
        }
        if (options_.mode == pg::PlacingMode::merge) {
            const auto time = table.find("updated_at");
            if (!options_.newer_by.empty() && time && table.columns[*time].is_placed()) {
                placed.newer_by = time;
            }
            placed.updates = placed.newer_by || options_.prefer_source;
        }
    }

    static bool is_primary(const CaseTable& table, std::size_t column) {
        return std::ranges::any_of(table.uniques, [column](const CaseUnique& unique) {
            return unique.is_primary && std::ranges::count(unique.columns, column) > 0;
        });
    }

    void choose_key(const CaseTable& table, ModelTable& placed) {
        if (const auto given = options_.keys.find(table.name); given != options_.keys.end()) {
            placed.key = {*table.find(given->second.front())};
        } else {
            std::vector<const CaseUnique*> keys;
            for (const CaseUnique& unique : table.uniques) {
                const bool is_key = std::ranges::all_of(unique.columns, [&](std::size_t column) {
                    return table.columns[column].is_not_null;
                });
                if (unique.is_primary) {
                    keys = {&unique};
                    break;
                }
                if (is_key) {
                    keys.push_back(&unique);
                }
            }
            if (keys.size() == 1) {
                placed.key = keys.front()->columns;
            } else if (!replaces_) {
                refuse(table.name + ": no key");
            }
        }
        const bool is_there = std::ranges::all_of(
            placed.key, [&table](std::size_t column) { return table.columns[column].is_placed(); });
        if (!is_there) {
            placed.key.clear();
            if (!replaces_) {
                refuse(table.name + ": the source lacks the key");
            }
        }
    }

    [[nodiscard]] bool is_translated(std::size_t table, std::size_t column) const {
        return std::ranges::any_of(plan_.tables[table].translated, [&](std::size_t number) {
            return std::ranges::count(made_.tables[table].references[number].columns, column) > 0;
        });
    }

    /// Returns whether it is one more that is translated.
    bool plan_reference(std::size_t child, std::size_t number) {
        const CaseTable& table = made_.tables[child];
        const CaseReference& reference = table.references[number];
        const CaseTable& parent = made_.tables[reference.parent];
        ModelTable& of_parent = plan_.tables[reference.parent];
        if (!table.in_source) {
            if (replaces_ && parent.in_source && reference.on_delete != 'a') {
                refuse(table.name + ": would be changed");
            }
            return false;
        }
        const auto is_numbered = [&parent](std::size_t column) {
            return parent.columns[column].is_numbered();
        };
        if (!parent.in_source) {
            if (!trusts_ && std::ranges::any_of(reference.parent_columns, is_numbered)) {
                refuse(table.name + ": refers to numbers of another database");
            }
            return false;
        }
        const bool is_the_same =
            std::ranges::all_of(reference.parent_columns, [&](std::size_t column) {
                return (replaces_ || std::ranges::count(of_parent.key, column) > 0) &&
                       parent.columns[column].is_placed() &&
                       !is_translated(reference.parent, column);
            });
        if (is_the_same || std::ranges::count(plan_.tables[child].translated, number) > 0) {
            return false;
        }
        plan_.tables[child].translated.push_back(number);
        for (const std::size_t column : reference.parent_columns) {
            of_parent.stays[column] = true;
            if (!parent.columns[column].is_placed()) {
                refuse(table.name + ": the source lacks what it refers to");
            }
        }
        const bool is_in_key = std::ranges::any_of(reference.columns, [&](std::size_t column) {
            return std::ranges::count(plan_.tables[child].key, column) > 0;
        });
        if (is_in_key && reference.parent == child) {
            refuse(table.name + ": its key refers to itself");
        }
        return true;
    }

    /// Other than of a table to itself.
    [[nodiscard]] bool has_circle() const {
        std::vector<bool> is_done(made_.tables.size(), false);
        for (std::size_t round = 0; round < made_.tables.size(); ++round) {
            for (std::size_t i = 0; i < made_.tables.size(); ++i) {
                const auto waits = [&](const CaseReference& reference) {
                    return reference.parent != i && !is_done[reference.parent] &&
                           made_.tables[reference.parent].in_source;
                };
                if (std::ranges::none_of(made_.tables[i].references, waits)) {
                    is_done[i] = true;
                }
            }
        }
        return std::ranges::count(is_done, false) > 0;
    }

    const PlacingCase& made_;
    const pg::PlacingOptions& options_;
    bool replaces_;
    bool trusts_;
    ModelPlan plan_;
};

} // namespace

ModelPlan plan_case(const PlacingCase& made) {
    return Planner{made}.run();
}

} // namespace dbbackup::test
