#include "integration/placing/placing_case.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <random>
#include <set>

namespace dbbackup::test {

namespace {

constexpr std::size_t k_number = 0;
constexpr std::size_t k_time = 1;

class Maker {
public:
    Maker(std::uint64_t seed, pg::PlacingMode mode) : random_(seed) {
        made_.seed = seed;
        made_.options.mode = mode;
    }

    PlacingCase run() {
        const std::size_t tables = 1 + below(4) % 4;
        is_dirty_ = chance(40);
        for (std::size_t i = 0; i < tables; ++i) {
            make_table(i);
        }
        for (std::size_t i = 0; i < tables; ++i) {
            make_references(i);
        }
        for (CaseTable& table : made_.tables) {
            make_differences(table);
        }
        choose_options();
        for (std::size_t i = 0; i < tables; ++i) {
            make_target_rows(i);
        }
        remove_orphans();
        for (std::size_t i = 0; i < tables; ++i) {
            make_source_rows(i);
        }
        return std::move(made_);
    }

private:
    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_);
    }

    bool chance(std::size_t percent) { return below(100) < percent; }

    std::size_t any_type() { return below(sample_types().size()); }

    std::size_t key_type() {
        const std::size_t type = any_type();
        return sample_types()[type].name == "boolean" && chance(50) ? 2 : type;
    }

    // ---- the schema

    std::size_t add_column(CaseTable& table, std::string name, std::size_t type, bool is_not_null) {
        table.columns.push_back(
            {.name = std::move(name), .type = type, .is_not_null = is_not_null});
        return table.columns.size() - 1;
    }

    std::size_t add_number(CaseTable& table) {
        const std::size_t column = add_column(table, "id", k_number, true);
        constexpr Numbering k_kinds[] = {Numbering::serial, Numbering::by_default,
                                         Numbering::always};
        table.columns[column].numbering = k_kinds[below(3)];
        return column;
    }

    void make_table(std::size_t index) {
        CaseTable table;
        // Not always in the order of their foreign keys.
        table.name = fmt::format("{}{}", "mcxa"[index], index);
        switch (below(7)) {
        case 0:
        case 1: { // a number, and what people know the row by
            table.uniques.push_back({{add_number(table)}, true});
            table.uniques.push_back({{add_column(table, "code", key_type(), true)}, false});
            break;
        }
        case 2:
            table.uniques.push_back({{add_column(table, "k", key_type(), true)}, true});
            break;
        case 3: {
            const std::size_t first = add_column(table, "k", key_type(), true);
            const std::size_t second = add_column(table, "l", key_type(), true);
            table.uniques.push_back({{first, second}, true});
            break;
        }
        case 4:
            table.uniques.push_back({{add_column(table, "k", key_type(), true)}, false});
            break;
        case 5: // only --key tells its rows apart
            add_column(table, "k", key_type(), chance(70));
            if (chance(30)) {
                add_number(table);
            }
            break;
        default:
            table.uniques.push_back({{add_number(table)}, true});
        }
        if (chance(60)) {
            add_column(table, "updated_at", k_time, chance(15));
        }
        for (std::size_t i = below(4); i > 0; --i) {
            make_content(table, i);
        }
        made_.tables.push_back(std::move(table));
    }

    void make_content(CaseTable& table, std::size_t number) {
        const std::size_t column =
            add_column(table, fmt::format("c{}", number), any_type(), chance(20));
        if (chance(25)) {
            table.columns[column].fallback = stored_value(table.columns[column].type);
        }
        if (chance(20)) {
            table.uniques.push_back({{column}, false});
        } else if (chance(15)) {
            table.forbidden = {column, stored_value(table.columns[column].type)};
            table.columns[column].fallback.reset();
        }
        if (chance(15) && table.columns[column].type == k_number) {
            const std::size_t generated = add_column(table, "g", k_number, false);
            table.columns[generated].doubled = column;
        }
    }

    void make_references(std::size_t index) {
        const std::size_t count = below(3);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t parent = below(made_.tables.size());
            if (parent > index && chance(50)) {
                continue; // fewer circles
            }
            if (!made_.tables[parent].uniques.empty()) {
                make_reference(index, parent, i);
            }
        }
    }

    void make_reference(std::size_t index, std::size_t to, std::size_t number) {
        CaseTable& table = made_.tables[index];
        const CaseTable& parent = made_.tables[to];
        CaseReference reference;
        reference.name = fmt::format("{}_fk{}", table.name, number);
        reference.parent = to;
        const CaseUnique unique =
            chance(70) ? parent.uniques.front() : parent.uniques[below(parent.uniques.size())];
        reference.parent_columns = unique.columns;
        const bool nullable = chance(70);
        for (const std::size_t column : reference.parent_columns) {
            reference.columns.push_back(
                add_column(table, fmt::format("r{}{}", number, reference.columns.size()),
                           made_.tables[to].columns[column].type, !nullable));
        }
        reference.is_deferrable = chance(30);
        reference.on_delete = chance(15) ? 'c' : nullable && chance(10) ? 'n' : 'a';
        // A key of which the parent's is a part: lines of an order.
        if (to < index && chance(20) && !table.uniques.empty() &&
            table.uniques.front().is_primary && !table.columns[0].is_numbered()) {
            CaseUnique& primary = table.uniques.front();
            for (const std::size_t column : reference.columns) {
                primary.columns.push_back(column);
                table.columns[column].is_not_null = true;
            }
            if (reference.on_delete == 'n') {
                reference.on_delete = 'a';
            }
            // Others already refer to the key as it was.
            for (const CaseTable& other : made_.tables) {
                for (const CaseReference& known : other.references) {
                    if (known.parent == index) {
                        primary.columns.resize(primary.columns.size() - reference.columns.size());
                        table.references.push_back(std::move(reference));
                        return;
                    }
                }
            }
        }
        table.references.push_back(std::move(reference));
    }

    [[nodiscard]] static bool is_in_unique(const CaseTable& table, std::size_t column) {
        return std::ranges::any_of(table.uniques, [column](const CaseUnique& unique) {
            return std::ranges::count(unique.columns, column) > 0;
        });
    }

    [[nodiscard]] static bool refers(const CaseTable& table, std::size_t column) {
        return std::ranges::any_of(table.references, [column](const CaseReference& reference) {
            return std::ranges::count(reference.columns, column) > 0;
        });
    }

    void make_differences(CaseTable& table) {
        table.in_source = !chance(5);
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            CaseColumn& column = table.columns[i];
            const bool is_free = !is_in_unique(table, i) && !refers(table, i);
            if (column.doubled) {
                column.in_source = chance(70);
            } else if (column.is_numbered() ? chance(10) : is_free && chance(10)) {
                column.in_source = false;
            } else if (is_free && chance(8) && column.name.starts_with("c") && !is_used(table, i)) {
                column.in_target = false;
            }
        }
        if (std::ranges::none_of(table.columns, &CaseColumn::in_source)) {
            table.columns.front().in_source = true;
        }
    }

    [[nodiscard]] static bool is_used(const CaseTable& table, std::size_t column) {
        return (table.forbidden && table.forbidden->first == column) ||
               std::ranges::any_of(table.columns, [column](const CaseColumn& other) {
                   return other.doubled == column;
               });
    }

    void choose_options() {
        pg::PlacingOptions& options = made_.options;
        made_.skips_conflicts = chance(60);
        made_.is_same_database = chance(15);
        options.trusts_numbers = chance(20);
        options.keeps_numbers = chance(25);
        bool has_time = false;
        for (const CaseTable& table : made_.tables) {
            const auto code = table.find("code");
            const bool has_number = table.columns[0].is_numbered();
            if (code && chance(options.trusts_numbers || made_.is_same_database ? 40 : 92)) {
                options.keys[table.name] = {"code"};
            } else if (!has_number && table.uniques.empty() && chance(95)) {
                options.keys[table.name] = {"k"};
            }
            const auto time = table.find("updated_at");
            has_time |= table.in_source && time && table.columns[*time].in_source;
        }
        if (options.mode == pg::PlacingMode::merge) {
            if (has_time && chance(75)) {
                options.newer_by[""] = "updated_at";
            }
            options.prefer_source = chance(40);
        }
        for (CaseTable& table : made_.tables) { // a key that the source lacks is refused
            const auto known = options.keys.find(table.name);
            if (!table.in_source && known != options.keys.end()) {
                options.keys.erase(known);
            }
        }
    }

    // ---- rows

    std::string stored_value(std::size_t type) {
        const auto& samples = sample_types()[type].samples;
        while (true) {
            const Sample& sample = samples[below(samples.size())];
            if (sample.stored) {
                return *sample.stored;
            }
        }
    }

    /// How the source may spell it.
    std::string spelling_of(std::size_t type, const std::string& stored) {
        std::vector<std::string> spellings;
        for (const Sample& sample : sample_types()[type].samples) {
            if (sample.stored == stored) {
                spellings.push_back(sample.text);
            }
        }
        return spellings.empty() ? stored : spellings[below(spellings.size())];
    }

    Values random_row(const CaseTable& table) {
        Values row(table.columns.size());
        for (std::size_t i = 0; i < row.size(); ++i) {
            const CaseColumn& column = table.columns[i];
            if (column.is_not_null || chance(80)) {
                row[i] = stored_value(column.type);
            }
        }
        for (const CaseReference& reference : table.references) {
            const auto& parents = made_.tables[reference.parent].target;
            const bool is_nullable = !table.columns[reference.columns.front()].is_not_null;
            if (is_nullable && chance(25)) {
                for (const std::size_t column : reference.columns) {
                    row[column].reset();
                }
            } else if (!parents.empty() && chance(85)) {
                const Values& parent = parents[below(parents.size())];
                for (std::size_t i = 0; i < reference.columns.size(); ++i) {
                    const Value& value = parent[reference.parent_columns[i]];
                    if (value || is_nullable) {
                        row[reference.columns[i]] = value;
                    }
                }
            }
        }
        generate(table, row);
        return row;
    }

    static void generate(const CaseTable& table, Values& row) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (const auto from = table.columns[i].doubled) {
                row[i] = row[*from] ? Value{std::to_string(2 * std::stoi(*row[*from]))} : Value{};
            }
        }
    }

    [[nodiscard]] static bool collides(const CaseTable& table, const Values& row) {
        if (table.forbidden && row[table.forbidden->first] == table.forbidden->second) {
            return true;
        }
        if (table.forbidden && row[table.forbidden->first] &&
            normal_form(table.columns[table.forbidden->first].type, *row[table.forbidden->first]) ==
                normal_form(table.columns[table.forbidden->first].type, table.forbidden->second)) {
            return true;
        }
        return std::ranges::any_of(table.uniques, [&](const CaseUnique& unique) {
            return std::ranges::any_of(table.target, [&](const Values& other) {
                return std::ranges::all_of(unique.columns, [&](std::size_t column) {
                    return row[column] && other[column] &&
                           normal_form(table.columns[column].type, *row[column]) ==
                               normal_form(table.columns[column].type, *other[column]);
                });
            });
        });
    }

    void make_target_rows(std::size_t index) {
        CaseTable& table = made_.tables[index];
        for (std::size_t i = below(7); i > 0; --i) {
            Values row = random_row(table);
            for (std::size_t c = 0; c < row.size(); ++c) {
                if (!table.columns[c].in_target) {
                    row[c].reset();
                }
            }
            if (!collides(table, row)) {
                table.target.push_back(std::move(row));
            }
        }
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            if (table.columns[c].is_numbered()) {
                for (const Values& row : table.target) {
                    table.last_number =
                        std::max<std::int64_t>(table.last_number, std::stoll(*row[c]));
                }
            }
        }
        table.last_number += static_cast<std::int64_t>(below(4));
    }

    [[nodiscard]] bool has_parent(const CaseTable& table, const CaseReference& reference,
                                  const Values& row) const {
        const CaseTable& parent = made_.tables[reference.parent];
        const bool is_set = std::ranges::all_of(
            reference.columns, [&row](std::size_t column) { return row[column].has_value(); });
        return !is_set || std::ranges::any_of(parent.target, [&](const Values& other) {
            for (std::size_t i = 0; i < reference.columns.size(); ++i) {
                const std::size_t type = table.columns[reference.columns[i]].type;
                const Value& theirs = other[reference.parent_columns[i]];
                if (!theirs ||
                    normal_form(type, *theirs) != normal_form(type, *row[reference.columns[i]])) {
                    return false;
                }
            }
            return true;
        });
    }

    void remove_orphans() {
        bool changed = true;
        while (changed) {
            changed = false;
            for (CaseTable& table : made_.tables) {
                std::vector<Values> kept;
                for (const Values& row : table.target) {
                    if (std::ranges::all_of(table.references, [&](const auto& reference) {
                            return has_parent(table, reference, row);
                        })) {
                        kept.push_back(row);
                    }
                }
                changed |= kept.size() < table.target.size();
                table.target = std::move(kept);
            }
        }
    }

    /// Whether the source counts otherwise than the target.
    [[nodiscard]] static std::string renumbered(const std::string& number) {
        return std::to_string(6 - std::stoi(number));
    }

    void make_source_rows(std::size_t index) {
        CaseTable& table = made_.tables[index];
        for (const Values& row : table.target) {
            if (chance(75)) {
                add_source_row(table, row);
            }
        }
        for (std::size_t i = below(5); i > 0; --i) {
            add_source_row(table, random_row(table));
        }
        std::ranges::shuffle(table.source, random_);
    }

    void add_source_row(CaseTable& table, Values row) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const CaseColumn& column = table.columns[i];
            const bool is_key = is_in_unique(table, i);
            const auto& samples = sample_types()[column.type].samples;
            if (!is_key && chance(15)) {
                row[i] = column.is_not_null || chance(70) ? Value{stored_value(column.type)}
                                                          : std::nullopt;
            }
            if (!row[i] && !column.in_target && chance(80)) {
                row[i] = stored_value(column.type);
            }
            if (is_dirty_ && chance(3)) {
                row[i].reset();
            }
            if (row[i]) {
                if (shifts(table, i)) {
                    row[i] = renumbered(*row[i]);
                }
                row[i] = is_dirty_ && chance(4) ? samples[below(samples.size())].text
                                                : spelling_of(column.type, *row[i]);
            }
        }
        const bool is_twin = !is_dirty_ && chance(92) && collides_in_source(table, row);
        if (!is_twin) {
            table.source.push_back(std::move(row));
        }
    }

    [[nodiscard]] static bool collides_in_source(const CaseTable& table, const Values& row) {
        return std::ranges::any_of(table.uniques, [&](const CaseUnique& unique) {
            return std::ranges::any_of(table.source, [&](const Values& other) {
                return std::ranges::all_of(unique.columns, [&](std::size_t column) {
                    return row[column] && row[column] == other[column];
                });
            });
        });
    }

    /// A number, or what refers to one, counts backwards in the source: the same row has another
    /// number there.
    [[nodiscard]] bool shifts(const CaseTable& table, std::size_t column) const {
        if (made_.seed % 2 == 0) {
            return false;
        }
        if (table.columns[column].is_numbered()) {
            return true;
        }
        for (const CaseReference& reference : table.references) {
            for (std::size_t i = 0; i < reference.columns.size(); ++i) {
                if (reference.columns[i] == column) {
                    const CaseTable& parent = made_.tables[reference.parent];
                    return parent.columns[reference.parent_columns[i]].is_numbered();
                }
            }
        }
        return false;
    }

    std::mt19937_64 random_;
    PlacingCase made_;
    bool is_dirty_ = false;
};

} // namespace

PlacingCase make_case(std::uint64_t seed, pg::PlacingMode mode) {
    return Maker{seed, mode}.run();
}

} // namespace dbbackup::test
