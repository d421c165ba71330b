#include "ops/compare/state_comparison.hpp"

#include <dbbackup/pg/state_differences.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace dbbackup::ops {

namespace {

template <typename Item>
using ByName = std::map<pg::RelationName, const Item*>;

ByName<pg::StateTable> by_name(const std::vector<pg::StateTable>& tables) {
    ByName<pg::StateTable> named;
    for (const pg::StateTable& table : tables) {
        named[table.table] = &table;
    }
    return named;
}

ByName<pg::SequenceState> by_name(const std::vector<pg::SequenceState>& sequences) {
    ByName<pg::SequenceState> named;
    for (const pg::SequenceState& sequence : sequences) {
        named[{sequence.schema, sequence.name}] = &sequence;
    }
    return named;
}

ByName<pg::MigrationState> by_name(const std::vector<pg::MigrationState>& migrations) {
    ByName<pg::MigrationState> named;
    for (const pg::MigrationState& state : migrations) {
        named[state.table] = &state;
    }
    return named;
}

/// Calls `use(name, then, now)` for each name of either that counts; one of the two may be null.
template <typename Item, typename Use>
void for_each_pair(const ByName<Item>& then, const ByName<Item>& now, const ComparedNames& names,
                   Use use) {
    std::set<pg::RelationName> all;
    for (const auto* side : {&then, &now}) {
        for (const auto& [name, item] : *side) {
            all.insert(name);
        }
    }
    const auto find = [](const ByName<Item>& side, const pg::RelationName& name) {
        const auto found = side.find(name);
        return found == side.end() ? nullptr : found->second;
    };
    for (const pg::RelationName& name : all) {
        const Item* before = find(then, name);
        const Item* after = find(now, name);
        const bool is_beside_a_part =
            (names.only_of_then && before == nullptr) || (names.only_of_now && after == nullptr);
        if (names.has(name) && !is_beside_a_part) {
            use(name, before, after);
        }
    }
}

/// Those of `some` that `others` lacks, of tables that are in both states.
std::vector<pg::StatePart> without(const std::vector<pg::StatePart>& some,
                                   const std::vector<pg::StatePart>& others,
                                   const std::set<pg::RelationName>& tables) {
    std::vector<pg::StatePart> rest;
    for (const pg::StatePart& part : some) {
        if (tables.contains(part.table) && std::ranges::count(others, part) == 0) {
            rest.push_back(part);
        }
    }
    return rest;
}

std::vector<std::string> without(const std::vector<std::string>& some,
                                 const std::vector<std::string>& others) {
    std::vector<std::string> rest;
    std::ranges::set_difference(some, others, std::back_inserter(rest));
    return rest;
}

} // namespace

bool ComparedNames::has(const pg::RelationName& name) const {
    return patterns.empty() ||
           std::ranges::any_of(patterns, [&name](const pg::NamePattern& pattern) {
               return pattern.fits(name.schema, name.name);
           });
}

std::vector<ComparedTable> compare_tables(const pg::DatabaseState& then,
                                          const pg::DatabaseState& now,
                                          const ComparedNames& names) {
    std::vector<ComparedTable> tables;
    for_each_pair(by_name(then.tables), by_name(now.tables), names,
                  [&tables](const pg::RelationName& name, const pg::StateTable* before,
                            const pg::StateTable* after) {
                      if (before == nullptr && after->is_elsewhere) {
                          return; // by default, pg_dump skips its rows
                      }
                      ComparedTable& table = tables.emplace_back();
                      table.table = name;
                      table.was_there = before != nullptr;
                      table.is_there = after != nullptr;
                      if (before == nullptr || after == nullptr) {
                          return;
                      }
                      pg::ColumnChanges changes = pg::compare_columns(*before, *after);
                      table.added_columns = std::move(changes.added);
                      table.gone_columns = std::move(changes.gone);
                      table.types_known = pg::knows_types(*before) && pg::knows_types(*after);
                      for (pg::ColumnType& column : changes.changed) {
                          table.changed_columns.push_back({std::move(column.name),
                                                           std::move(column.now),
                                                           std::move(column.after)});
                      }
                  });
    return tables;
}

void compare_rest(const ComparedSide& then, const ComparedSide& now, const ComparedNames& names,
                  CompareReport& report) {
    for_each_pair(by_name(then.state().sequences), by_name(now.state().sequences), names,
                  [&report](const pg::RelationName& name, const pg::SequenceState* before,
                            const pg::SequenceState* after) {
                      if (before != nullptr && after != nullptr && *before == *after) {
                          ++report.same_sequences;
                          return;
                      }
                      ComparedSequence& sequence = report.sequences.emplace_back();
                      sequence.sequence = name;
                      if (before != nullptr) {
                          sequence.then = before->value;
                          sequence.was_called = before->is_called == "true";
                      }
                      if (after != nullptr) {
                          sequence.now = after->value;
                          sequence.is_called = after->is_called == "true";
                      }
                  });
    for_each_pair(by_name(then.state().migrations), by_name(now.state().migrations), names,
                  [&report](const pg::RelationName& name, const pg::MigrationState* before,
                            const pg::MigrationState* after) {
                      if (before == nullptr || after == nullptr) {
                          return; // the table itself is new or gone
                      }
                      ComparedMigrations migrations{
                          .tool = after->tool,
                          .table = name,
                          .applied = without(after->applied, before->applied),
                          .gone = without(before->applied, after->applied)};
                      if (!migrations.applied.empty() || !migrations.gone.empty()) {
                          report.migrations.push_back(std::move(migrations));
                      }
                  });
    std::set<pg::RelationName> in_both;
    for (const ComparedTable& table : report.tables) {
        if (table.was_there && table.is_there) {
            in_both.insert(table.table);
        }
    }
    const auto& before = then.state().not_validated;
    const auto& after = now.state().not_validated;
    // A part may leave constraints out.
    if (!names.only_of_then && !names.only_of_now) {
        report.newly_not_validated = without(after, before, in_both);
        report.validated_since = without(before, after, in_both);
    }
    report.invalid_indexes = without(now.invalid_indexes(), {}, in_both);
}

} // namespace dbbackup::ops
