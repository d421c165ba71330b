#include "pg/placing/placing_references.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

// Rows that refer to others: what they refer to may have another number in the target.

namespace dbbackup::pg {

namespace {

/// A table whose rows may have other numbers in the target than in the source; or empty.
std::string find_renumbered(const PlacingDraft& draft) {
    for (const TablePlacing& table : draft.plan.tables) {
        for (const PlacedColumn& column : table.columns) {
            if (column.column.is_numbered() && column.only_inserted &&
                (column.keeps_original || column.origin == ValueOrigin::source)) {
                return dotted(table.target.table);
            }
        }
    }
    return {};
}

/// Whether one of the values that `reference` takes is in these columns.
bool takes(const PlacedReference& reference, const TablePlacing& parent,
           const std::vector<std::size_t>& places) {
    return std::ranges::any_of(places, [&](std::size_t place) {
        const std::string& name = parent.columns[place].column.name;
        return std::ranges::count(reference.parent_columns, name) > 0 ||
               std::ranges::count(reference.found_by, name) > 0;
    });
}

/// References in no key, in an order in which each finds the values that it takes.
class TranslationOrder {
public:
    explicit TranslationOrder(const std::vector<TablePlacing>& tables) : tables_(tables) {
        for (std::size_t table = 0; table < tables.size(); ++table) {
            for (std::size_t i = 0; i < tables[table].references.size(); ++i) {
                if (!tables[table].references[i].is_in_key) {
                    left_.push_back({table, i});
                }
            }
        }
    }

    std::vector<Translation> run() {
        std::vector<Translation> ordered;
        while (!left_.empty()) {
            auto next = std::ranges::find_if(left_, [this](const Translation& one) {
                return std::ranges::none_of(
                    left_, [&](const Translation& other) { return waits(one, other); });
            });
            // In a circle all take the same: a tenant's number, say.
            next = next == left_.end() ? left_.begin() : next;
            ordered.push_back(*next);
            left_.erase(next);
        }
        return ordered;
    }

private:
    /// `one` takes values that `other` sets.
    [[nodiscard]] bool waits(const Translation& one, const Translation& other) const {
        const PlacedReference& reference = tables_[one.table].references[one.reference];
        if (reference.parent_placing != other.table) {
            return false;
        }
        std::vector<std::size_t> set = tables_[other.table].references[other.reference].columns;
        if (one.table == other.table) { // what it sets itself is no other value
            std::erase_if(set, [&reference](std::size_t place) {
                return std::ranges::count(reference.columns, place) > 0;
            });
        }
        return takes(reference, tables_[other.table], set);
    }

    const std::vector<TablePlacing>& tables_;
    std::vector<Translation> left_;
};

} // namespace

bool is_known_late(const std::vector<TablePlacing>& tables, std::size_t number,
                   const PlacedReference& reference) {
    if (!reference.parent_placing || *reference.parent_placing >= number) {
        return reference.parent_placing.has_value();
    }
    const std::size_t parent = *reference.parent_placing;
    return std::ranges::any_of(tables[parent].references, [&](const PlacedReference& before) {
        return !before.is_in_key && takes(reference, tables[parent], before.columns) &&
               is_known_late(tables, parent, before);
    });
}

void ReferencePlacing::run() {
    for (const PlacingReference& reference : child_.target.references) {
        follow(reference);
    }
    follow_map();
    follow_lookups();
}

std::optional<std::size_t> ReferencePlacing::placing_of(const RelationName& parent) const {
    const auto found = draft_.placing_of.find(parent);
    return found == draft_.placing_of.end() ? std::nullopt : std::optional{found->second};
}

void ReferencePlacing::follow(const PlacingReference& reference) {
    const auto places = find_places(child_, reference.columns);
    if (!places) {
        return; // not written: the default refers to nothing, or the server checks it
    }
    for (const std::size_t place : *places) {
        referring_.insert(place);
    }
    const auto parent = placing_of(reference.parent);
    if (std::ranges::any_of(
            *places, [this](std::size_t place) { return child_.columns[place].is_looked_up; })) {
        look_up(reference.name, *places, reference.parent, reference.parent_columns);
    } else if (parent && is_from_source(*places)) {
        if (may_differ(draft_, following_, draft_.plan.tables[*parent], reference.parent_columns)) {
            translate(reference.name, *places, *parent, reference.parent_columns);
        }
    } else if (is_from_source(*places)) {
        require_trust(reference);
    }
    check(reference, *places, parent);
}

bool ReferencePlacing::is_from_source(const Places& places) const {
    return std::ranges::any_of(places, [this](std::size_t place) {
        return child_.columns[place].origin == ValueOrigin::source;
    });
}

void ReferencePlacing::check(const PlacingReference& reference, const Places& places,
                             const std::optional<std::size_t>& parent) {
    const bool comes_later = parent && *parent > number_;
    if (comes_later && !reference.is_deferrable && child_.key.empty()) {
        draft_.object(child_,
                      fmt::format("its foreign key {} must be set later, and nothing identifies "
                                  "its rows",
                                  reference.name),
                      fmt::format("Name the columns that identify a row with --key "
                                  "{}=COLUMN,…",
                                  dotted(child_.target.table)));
    }
    child_.checks.push_back({.name = reference.name,
                             .columns = places,
                             .parent = reference.parent,
                             .parent_columns = reference.parent_columns,
                             .parent_placing = parent,
                             .is_set_later = comes_later && !reference.is_deferrable,
                             .is_deferred = comes_later && reference.is_deferrable});
}

/// The numbers of a table that is not imported.
void ReferencePlacing::require_trust(const PlacingReference& reference) {
    const auto parent = draft_.target.tables.find(reference.parent);
    if (parent == draft_.target.tables.end() || draft_.plan.options.trusts_numbers ||
        draft_.is_same_database()) {
        return;
    }
    for (const std::string& name : reference.parent_columns) {
        const PlacingColumn* column = parent->second.find(name);
        if (column != nullptr && column->is_numbered()) {
            draft_.object(
                child_,
                fmt::format("{} refers to {} by {}, a number that each database gives, and the "
                            "source is not known to be of this database",
                            reference.name, dotted(reference.parent), name),
                fmt::format("Import {} too, with a --key. If the numbers mean the same in both: "
                            "--trust-ids.",
                            dotted(reference.parent)));
            return;
        }
    }
}

void ReferencePlacing::object_to_undeclared(const std::string& renumbered) {
    constexpr std::array<std::uint32_t, 4> k_numbers{20, 21, 23, 1700}; // int8 2 4, numeric
    for (std::size_t i = 0; i < child_.columns.size(); ++i) {
        const PlacedColumn& column = child_.columns[i];
        const std::string& name = column.column.name;
        const bool looks_like_one = name.ends_with("_id") || name.ends_with("Id");
        if (looks_like_one && column.origin == ValueOrigin::source && !column.is_looked_up &&
            !column.column.is_numbered() && !referring_.contains(i) &&
            std::ranges::count(k_numbers, column.column.type.plain_oid) > 0) {
            draft_.object(child_,
                          fmt::format("{} looks like a reference, and rows of {} get other "
                                      "numbers",
                                      name, renumbered),
                          fmt::format("Say in a map what it is: [table.\"{}\"] ref = {{ {} = "
                                      "\"table.column\" }}, or {} = false if it refers to none.",
                                      dotted(child_.target.table), name, name));
        }
    }
}

void follow_references(PlacingDraft& draft) {
    const std::string renumbered = find_renumbered(draft);
    const FollowingColumns following = find_following_columns(draft);
    for (std::size_t i = 0; i < draft.plan.tables.size(); ++i) {
        ReferencePlacing references{draft, following, i};
        references.run();
        if (!renumbered.empty()) {
            references.object_to_undeclared(renumbered);
        }
    }
    draft.plan.translations = TranslationOrder{draft.plan.tables}.run();
}

} // namespace dbbackup::pg
