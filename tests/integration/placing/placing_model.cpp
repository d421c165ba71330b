#include "integration/placing/placing_model.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::test {

namespace {

enum class Fate { undecided, insert, update, same, keep, conflict };

struct ModelRow {
    std::size_t number = 0;           ///< in the source, from 0
    Values raw;                       ///< as the source spells it
    Values before;                    ///< as the source means it
    Values now;                       ///< as it will be
    std::optional<std::size_t> there; ///< which row of the target it is
    Fate fate = Fate::undecided;

    [[nodiscard]] bool is_written() const { return fate == Fate::insert || fate == Fate::update; }
};

class Placer {
public:
    Placer(const PlacingCase& made, const ModelPlan& plan)
        : made_(made), plan_(plan), replaces_(made.options.mode == pg::PlacingMode::replace) {
        result_.tables.resize(made.tables.size());
        rows_.resize(made.tables.size());
    }

    ModelResult run() {
        for_each_table(&Placer::read);
        // Keys may hold the numbers of parents, which are known once these are found.
        for (std::size_t round = 0; round < made_.tables.size(); ++round) {
            for_each_table(&Placer::find_if_parents_are_found);
        }
        for (std::size_t round = 0; round < made_.tables.size(); ++round) {
            for_each_table(&Placer::translate_if_parents_are);
        }
        for_each_table(&Placer::translate_others); // in circles
        remove_noted();
        for_each_table(&Placer::decide);
        for_each_table(&Placer::remove_lost_references);
        for_each_table(&Placer::remove_collisions);
        while (remove_orphans()) {
        }
        early_ = false;
        result_.refuses = result_.refuses || (is_held_from_outside() &&
                                              (made_.skips_conflicts || result_.conflicts.empty()));
        while (remove_refused() || remove_orphans()) {
        }
        finish();
        return std::move(result_);
    }

private:
    using Step = void (Placer::*)(std::size_t);

    void for_each_table(Step step) {
        for (std::size_t i = 0; i < made_.tables.size(); ++i) {
            if (plan_.tables[i].is_placed) {
                (this->*step)(i);
            }
        }
    }

    // ---- small things

    /// A row that is not replaced refers to one that is deleted first.
    [[nodiscard]] bool is_held_from_outside() const {
        bool is_held = false;
        for (const CaseTable& table : made_.tables) {
            for (const CaseReference& reference : table.references) {
                const bool is_across = !table.in_source && plan_.tables[reference.parent].is_placed;
                for (const Values& row : table.target) {
                    is_held |= replaces_ && is_across &&
                               std::ranges::all_of(reference.columns, [&row](std::size_t column) {
                                   return row[column].has_value();
                               });
                }
            }
        }
        return is_held;
    }

    [[nodiscard]] bool equal(const CaseTable& table, std::size_t column, const Value& one,
                             const Value& other) const {
        const std::size_t type = table.columns[column].type;
        return one && other && normal_form(type, *one) == normal_form(type, *other);
    }

    [[nodiscard]] bool all_equal(const CaseTable& table, const std::vector<std::size_t>& columns,
                                 const Values& one, const Values& other) const {
        return std::ranges::all_of(columns, [&](std::size_t column) {
            return equal(table, column, one[column], other[column]);
        });
    }

    void conflict(std::size_t index, ModelRow& row, bool is_unreadable = false) {
        row.fate = Fate::conflict;
        std::vector<std::string> parts;
        for (const std::size_t column : plan_.tables[index].key) {
            const Values& values = is_unreadable ? row.raw : row.before;
            parts.push_back(made_.tables[index].columns[column].name + "=" +
                            values[column].value_or("NULL"));
        }
        std::string name = made_.tables[index].name + " ";
        name += parts.empty() ? fmt::format("row {}", row.number + 1)
                              : fmt::format("{}", fmt::join(parts, ", "));
        result_.conflicts.insert(name);
        if (!early_) {
            result_.late_conflicts.insert(name);
        }
        ++result_.tables[index].conflicts;
    }

    // ---- the steps

    /// Values of the target's types; what these refuse or would change is a conflict.
    void read(std::size_t index) {
        const CaseTable& table = made_.tables[index];
        result_.tables[index].source = table.source.size();
        for (std::size_t r = 0; r < table.source.size(); ++r) {
            ModelRow row;
            row.number = r;
            row.raw = table.source[r];
            row.before.resize(table.columns.size());
            bool is_readable = true;
            for (std::size_t i = 0; i < table.columns.size(); ++i) {
                if (!table.columns[i].is_placed() || !row.raw[i]) {
                    continue;
                }
                const auto& samples = sample_types()[table.columns[i].type].samples;
                const auto sample = std::ranges::find(samples, *row.raw[i], &Sample::text);
                // Numbers that were counted backwards are no samples.
                row.before[i] = sample == samples.end() ? row.raw[i] : sample->stored;
                is_readable &= row.before[i].has_value();
            }
            row.now = row.before;
            rows_[index].push_back(row);
            if (!is_readable) {
                conflict(index, rows_[index].back(), true);
            }
        }
    }

    [[nodiscard]] bool refers_in_key(std::size_t index, const CaseReference& reference) const {
        return std::ranges::any_of(reference.columns, [&](std::size_t column) {
            return std::ranges::count(plan_.tables[index].key, column) > 0;
        });
    }

    void find_if_parents_are_found(std::size_t index) {
        if (found_.contains(index)) {
            return;
        }
        for (const std::size_t number : plan_.tables[index].translated) {
            const CaseReference& reference = made_.tables[index].references[number];
            if (refers_in_key(index, reference) && !found_.contains(reference.parent)) {
                return;
            }
        }
        for (const std::size_t number : plan_.tables[index].translated) {
            const CaseReference& reference = made_.tables[index].references[number];
            if (refers_in_key(index, reference)) {
                translate(index, reference);
            }
        }
        remove_noted();
        check(index);
        find(index);
        found_.insert(index);
    }

    void translate_if_parents_are(std::size_t index) {
        for (const std::size_t number : plan_.tables[index].translated) {
            const std::size_t parent = made_.tables[index].references[number].parent;
            if (parent != index && !translated_.contains(parent)) {
                return;
            }
        }
        translate_others(index);
    }

    void translate_others(std::size_t index) {
        if (!translated_.insert(index).second) {
            return;
        }
        for (const std::size_t number : plan_.tables[index].translated) {
            const CaseReference& reference = made_.tables[index].references[number];
            if (!refers_in_key(index, reference)) {
                translate(index, reference);
            }
        }
    }

    /// The row that the source refers to, by what it is in the target.
    void translate(std::size_t index, const CaseReference& reference) {
        const CaseTable& parent = made_.tables[reference.parent];
        for (ModelRow& row : rows_[index]) {
            const bool is_set = std::ranges::all_of(reference.columns, [&row](std::size_t column) {
                return row.before[column].has_value();
            });
            if (row.fate == Fate::conflict || !is_set) {
                continue;
            }
            std::vector<const ModelRow*> parents;
            for (const ModelRow& other : rows_[reference.parent]) {
                bool fits = other.fate != Fate::conflict;
                for (std::size_t i = 0; i < reference.columns.size(); ++i) {
                    fits = fits && equal(parent, reference.parent_columns[i],
                                         other.before[reference.parent_columns[i]],
                                         row.before[reference.columns[i]]);
                }
                if (fits) {
                    parents.push_back(&other);
                }
            }
            if (parents.size() != 1) {              // none, or nobody can tell which
                orphans_.emplace_back(index, &row); // it may be the parent of others
                continue;
            }
            for (std::size_t i = 0; i < reference.columns.size(); ++i) {
                const std::size_t column = reference.columns[i];
                if (!row.there || !plan_.tables[index].stays[column]) {
                    row.now[column] = parents.front()->now[reference.parent_columns[i]];
                }
            }
        }
    }

    void remove_noted() {
        for (const auto& [index, row] : orphans_) {
            if (row->fate != Fate::conflict) {
                conflict(index, *row);
            }
        }
        orphans_.clear();
    }

    void check(std::size_t index) {
        const CaseTable& table = made_.tables[index];
        const auto& key = plan_.tables[index].key;
        for (ModelRow& row : rows_[index]) {
            for (std::size_t i = 0; i < table.columns.size(); ++i) {
                const bool must_be_set =
                    (table.columns[i].is_not_null || std::ranges::count(key, i) > 0) &&
                    table.columns[i].is_placed() && (!plan_.tables[index].is_numbered[i]);
                if (row.fate != Fate::conflict && must_be_set && !row.now[i]) {
                    conflict(index, row);
                }
            }
        }
        if (key.empty()) {
            return;
        }
        std::vector<ModelRow*> twins;
        for (ModelRow& row : rows_[index]) {
            const bool is_twice = std::ranges::any_of(rows_[index], [&](const ModelRow& other) {
                return other.number != row.number && other.fate != Fate::conflict &&
                       all_equal(table, key, row.now, other.now);
            });
            const auto times = std::ranges::count_if(table.target, [&](const Values& other) {
                return all_equal(table, key, row.now, other);
            });
            if (row.fate != Fate::conflict && (is_twice || (!replaces_ && times > 1))) {
                twins.push_back(&row);
            }
        }
        for (ModelRow* row : twins) {
            conflict(index, *row);
        }
    }

    void find(std::size_t index) {
        const CaseTable& table = made_.tables[index];
        const ModelTable& planned = plan_.tables[index];
        for (ModelRow& row : rows_[index]) {
            if (row.fate == Fate::conflict) {
                continue;
            }
            for (std::size_t t = 0; !replaces_ && t < table.target.size(); ++t) {
                if (all_equal(table, planned.key, row.now, table.target[t])) {
                    row.there = t;
                }
            }
            for (std::size_t i = 0; i < table.columns.size(); ++i) {
                if (row.there && (planned.stays[i] || !table.columns[i].is_placed())) {
                    row.now[i] = table.target[*row.there][i];
                } else if (planned.is_numbered[i]) {
                    row.now[i] = fmt::format("#{}:{}", table.name, row.number);
                } else if (!table.columns[i].in_source) {
                    row.now[i] = table.columns[i].fallback;
                }
            }
        }
        check_numbers(index);
    }

    /// Numbers of this very database that it has not given yet.
    void check_numbers(std::size_t index) {
        const CaseTable& table = made_.tables[index];
        if (made_.options.trusts_numbers || replaces_) {
            return;
        }
        for (const std::size_t column : plan_.tables[index].key) {
            for (const ModelRow& row : rows_[index]) {
                if (table.columns[column].is_numbered() && row.fate != Fate::conflict &&
                    std::stoll(*row.now[column]) > table.last_number) {
                    result_.refuses = true;
                }
            }
        }
    }

    [[nodiscard]] bool is_newer(const ModelTable& planned, const Values& mine,
                                const Values& theirs) const {
        if (planned.newer_by) {
            const Value& my_time = mine[*planned.newer_by];
            const Value& their_time = theirs[*planned.newer_by];
            return my_time && their_time && *my_time > *their_time; // as text, all are UTC
        }
        return made_.options.prefer_source && planned.updates;
    }

    void decide(std::size_t index) {
        const CaseTable& table = made_.tables[index];
        const ModelTable& planned = plan_.tables[index];
        for (ModelRow& row : rows_[index]) {
            if (row.fate == Fate::conflict) {
                continue;
            }
            if (!row.there) {
                row.fate = Fate::insert;
                generate(table, row.now);
                continue;
            }
            const Values& theirs = table.target[*row.there];
            bool is_same = true;
            for (std::size_t i = 0; i < table.columns.size(); ++i) {
                if (std::ranges::count(planned.key, i) > 0) {
                    row.now[i] = theirs[i]; // equal, whatever its text
                } else if (table.columns[i].is_placed() && !planned.stays[i]) {
                    is_same = is_same && row.now[i] == theirs[i];
                }
            }
            row.fate = is_same                              ? Fate::same
                       : is_newer(planned, row.now, theirs) ? Fate::update
                                                            : Fate::keep;
            generate(table, row.now);
        }
    }

    /// Parents that are there, but have NULL now where others refer to them.
    void remove_lost_references(std::size_t index) {
        for (const std::size_t number : plan_.tables[index].translated) {
            const auto& columns = made_.tables[index].references[number].columns;
            remove_where(index, [&](const ModelRow& row) {
                const bool is_set = std::ranges::all_of(
                    columns, [&row](std::size_t column) { return row.before[column].has_value(); });
                return is_set && std::ranges::any_of(columns, [&](std::size_t column) {
                           const bool stays = row.there && plan_.tables[index].stays[column];
                           return !row.now[column] && !stays;
                       });
            });
        }
    }

    static void generate(const CaseTable& table, Values& row) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (const auto from = table.columns[i].doubled) {
                row[i] = row[*from] ? Value{std::to_string(2 * std::stoi(*row[*from]))} : Value{};
            }
        }
    }

    /// The row of the source that changes or leaves a row of the target; or null.
    [[nodiscard]] const ModelRow* find_update(std::size_t index, std::size_t target) const {
        for (const ModelRow& row : rows_[index]) {
            if (row.fate == Fate::update && row.there == target) {
                return &row;
            }
        }
        return nullptr;
    }

    /// Rows that collide on a unique constraint other than the key's.
    void remove_collisions(std::size_t index) {
        const CaseTable& table = made_.tables[index];
        for (const CaseUnique& unique : sorted_uniques(table)) {
            const std::set<std::size_t> columns(unique.columns.begin(), unique.columns.end());
            const auto& key = plan_.tables[index].key;
            if (columns == std::set<std::size_t>(key.begin(), key.end())) {
                continue;
            }
            remove_where(index, [&](const ModelRow& row) {
                return collides_with_target(index, unique, row);
            });
            remove_where(index, [&](const ModelRow& row) {
                return std::ranges::any_of(rows_[index], [&](const ModelRow& other) {
                    return other.number != row.number && other.is_written() &&
                           all_equal(table, unique.columns, row.now, other.now);
                });
            });
        }
    }

    /// As PostgreSQL names them: t_c1_key, t_pkey.
    static std::vector<CaseUnique> sorted_uniques(const CaseTable& table) {
        std::vector<CaseUnique> sorted = table.uniques;
        const auto name = [&table](const CaseUnique& unique) {
            return unique.is_primary ? std::string{"pkey"}
                                     : table.columns[unique.columns.front()].name;
        };
        std::ranges::sort(sorted, {}, name);
        return sorted;
    }

    [[nodiscard]] bool collides_with_target(std::size_t index, const CaseUnique& unique,
                                            const ModelRow& row) const {
        const CaseTable& table = made_.tables[index];
        for (std::size_t t = 0; !replaces_ && t < table.target.size(); ++t) {
            if (row.there != t && find_update(index, t) == nullptr &&
                all_equal(table, unique.columns, row.now, table.target[t])) {
                return true;
            }
        }
        return false;
    }

    /// Written rows for which `condition` holds are conflicts, all at once.
    template <typename Condition>
    bool remove_where(std::size_t index, const Condition& condition) {
        std::vector<ModelRow*> removed;
        for (ModelRow& row : rows_[index]) {
            if (row.is_written() && condition(row)) {
                removed.push_back(&row);
            }
        }
        for (ModelRow* row : removed) {
            conflict(index, *row);
        }
        return !removed.empty();
    }

    /// Rows whose parents are neither there nor come. Returns whether there were any.
    bool remove_orphans() {
        bool any = false;
        for (std::size_t index = 0; index < made_.tables.size(); ++index) {
            for (const CaseReference& reference : made_.tables[index].references) {
                any |= remove_where(
                    index, [&](const ModelRow& row) { return !has_parent(index, reference, row); });
            }
        }
        return any;
    }

    [[nodiscard]] bool has_parent(std::size_t index, const CaseReference& reference,
                                  const ModelRow& row) const {
        const CaseTable& table = made_.tables[index];
        const bool is_set = std::ranges::all_of(
            reference.columns, [&row](std::size_t column) { return row.now[column].has_value(); });
        const auto parents = final_rows(reference.parent);
        return !is_set || std::ranges::any_of(parents, [&](const Values& parent) {
            for (std::size_t i = 0; i < reference.columns.size(); ++i) {
                if (!equal(table, reference.columns[i], parent[reference.parent_columns[i]],
                           row.now[reference.columns[i]])) {
                    return false;
                }
            }
            return true;
        });
    }

    /// What the server refuses: CHECK, values that another row has or keeps.
    bool remove_refused() {
        bool any = false;
        for (std::size_t index = 0; index < made_.tables.size(); ++index) {
            const CaseTable& table = made_.tables[index];
            any |= remove_where(index, [&](const ModelRow& row) {
                const auto& forbidden = table.forbidden;
                return forbidden &&
                       equal(table, forbidden->first, row.now[forbidden->first], forbidden->second);
            });
            for (const CaseUnique& unique : table.uniques) {
                any |= remove_where(index, [&](const ModelRow& row) {
                    return collides_with_target(index, unique, row);
                });
            }
            any |= remove_stuck(index);
        }
        return any;
    }

    /// Updates that wait in a circle for each other's unique values.
    bool remove_stuck(std::size_t index) {
        const CaseTable& table = made_.tables[index];
        std::vector<Values> rows = table.target;
        std::set<std::size_t> done;
        bool changed = !replaces_;
        while (changed) {
            changed = false;
            for (const ModelRow& row : rows_[index]) {
                if (row.fate != Fate::update || done.contains(row.number)) {
                    continue;
                }
                bool is_free = true;
                for (std::size_t t = 0; t < rows.size(); ++t) {
                    is_free &= row.there == t ||
                               std::ranges::none_of(table.uniques, [&](const CaseUnique& unique) {
                                   return all_equal(table, unique.columns, row.now, rows[t]);
                               });
                }
                if (is_free) {
                    rows[*row.there] = row.now;
                    done.insert(row.number);
                    changed = true;
                }
            }
        }
        return remove_where(index, [&](const ModelRow& row) {
            return row.fate == Fate::update && !done.contains(row.number);
        });
    }

    [[nodiscard]] std::vector<Values> final_rows(std::size_t index) const {
        const CaseTable& table = made_.tables[index];
        std::vector<Values> rows;
        if (!replaces_ || !plan_.tables[index].is_placed) {
            rows = table.target;
        }
        for (const ModelRow& row : rows_[index]) {
            if (row.fate == Fate::insert) {
                rows.push_back(row.now);
            } else if (row.fate == Fate::update) {
                rows[*row.there] = row.now;
            }
        }
        return rows;
    }

    void finish() {
        for (std::size_t index = 0; index < made_.tables.size(); ++index) {
            pg::PlacingCounts& counts = result_.tables[index];
            for (const ModelRow& row : rows_[index]) {
                counts.inserted += row.fate == Fate::insert ? 1 : 0;
                counts.updated += row.fate == Fate::update ? 1 : 0;
                counts.unchanged += row.fate == Fate::same ? 1 : 0;
                counts.kept += row.fate == Fate::keep ? 1 : 0;
            }
            if (replaces_ && plan_.tables[index].is_placed) {
                counts.deleted = made_.tables[index].target.size();
            }
            result_.rows.push_back(final_rows(index));
        }
    }

    const PlacingCase& made_;
    const ModelPlan& plan_;
    bool replaces_;
    bool early_ = true;
    ModelResult result_;
    std::vector<std::vector<ModelRow>> rows_;
    std::set<std::size_t> found_;
    std::set<std::size_t> translated_;
    std::vector<std::pair<std::size_t, ModelRow*>> orphans_;
};

/// New numbers are told by the rows that have them.
class Canon {
public:
    Canon(const PlacingCase& made, const ModelPlan& plan,
          const std::vector<std::vector<Values>>& all)
        : made_(made), plan_(plan), all_(all) {}

    [[nodiscard]] std::string row(std::size_t index, const Values& values) const {
        std::vector<std::string> parts;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (made_.tables[index].columns[i].in_target) {
                parts.push_back(field(index, values, i, 0));
            }
        }
        return fmt::format("{}", fmt::join(parts, " | "));
    }

private:
    [[nodiscard]] bool is_new(std::size_t index, std::size_t column,
                              const std::string& value) const {
        return plan_.tables[index].is_placed && plan_.tables[index].is_numbered[column] &&
               std::ranges::none_of(made_.tables[index].target,
                                    [&](const Values& row) { return row[column] == value; });
    }

    [[nodiscard]] std::string field(std::size_t index, const Values& values, std::size_t column,
                                    int depth) const {
        const Value& value = values[column];
        if (!value) {
            return "NULL";
        }
        if (is_new(index, column, *value)) {
            return "#";
        }
        for (const CaseReference& reference : made_.tables[index].references) {
            const auto at = std::ranges::find(reference.columns, column);
            if (at == reference.columns.end() || depth > 3) {
                continue;
            }
            const std::size_t theirs =
                reference.parent_columns[static_cast<std::size_t>(at - reference.columns.begin())];
            for (const Values& parent : all_[reference.parent]) {
                const std::string found = field(reference.parent, parent, theirs, depth + 1);
                if (parent[theirs] == value && found.starts_with("#")) {
                    return "#" + key_of(reference.parent, parent, depth + 1) + found.substr(1);
                }
            }
        }
        return "'" + *value + "'";
    }

    [[nodiscard]] std::string key_of(std::size_t index, const Values& values, int depth) const {
        std::vector<std::string> parts;
        for (const std::size_t column : plan_.tables[index].key) {
            parts.push_back(depth > 3 ? "…" : field(index, values, column, depth));
        }
        return fmt::format("({})", fmt::join(parts, ", "));
    }

    const PlacingCase& made_;
    const ModelPlan& plan_;
    const std::vector<std::vector<Values>>& all_;
};

} // namespace

ModelResult place_case(const PlacingCase& made, const ModelPlan& plan) {
    return Placer{made, plan}.run();
}

std::multiset<std::string> canonical_rows(const PlacingCase& made, const ModelPlan& plan,
                                          const std::vector<std::vector<Values>>& all,
                                          std::size_t table) {
    const Canon canon{made, plan, all};
    std::multiset<std::string> rows;
    for (const Values& values : all[table]) {
        rows.insert(canon.row(table, values));
    }
    return rows;
}

} // namespace dbbackup::test
