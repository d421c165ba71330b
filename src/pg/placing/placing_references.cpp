#include "pg/placing/placing_draft.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <utility>

// Rows that refer to others: what they refer to may have another number in the target.

namespace dbbackup::pg {

namespace {

using Places = std::vector<std::size_t>;

bool is_within(const std::vector<std::string>& some, const TablePlacing& table,
               const Places& places) {
    return std::ranges::all_of(some, [&](const std::string& name) {
        return std::ranges::any_of(
            places, [&](std::size_t place) { return table.columns[place].column.name == name; });
    });
}

/// Columns that get other values than they have in the source, because what they refer to does.
using Following = std::set<std::pair<RelationName, std::string>>;

/// A row of the source may be another one in the target by these columns.
bool may_differ(const PlacingDraft& draft, const Following& following, const TablePlacing& parent,
                const std::vector<std::string>& columns) {
    return (draft.updates_or_adds() && !is_within(columns, parent, parent.key)) ||
           std::ranges::any_of(columns, [&](const std::string& name) {
               const PlacedColumn* column = find_placed(parent, name);
               return column == nullptr || column->origin == ValueOrigin::sequence ||
                      following.contains({parent.target.table, name});
           });
}

bool follow_more(const PlacingDraft& draft, const TablePlacing& child, Following& following) {
    const std::size_t before = following.size();
    for (const PlacingReference& reference : child.target.references) {
        const auto parent = draft.placing_of.find(reference.parent);
        if (parent != draft.placing_of.end() && find_places(child, reference.columns) &&
            may_differ(draft, following, draft.plan.tables[parent->second],
                       reference.parent_columns)) {
            for (const std::string& column : reference.columns) {
                following.emplace(child.target.table, column);
            }
        }
    }
    return following.size() > before;
}

/// A reference may refer to another one: the lines of an order, and what was said of a line.
Following find_following(const PlacingDraft& draft) {
    Following following;
    bool more = true;
    while (more) {
        more = false;
        for (const TablePlacing& child : draft.plan.tables) {
            more = follow_more(draft, child, following) || more;
        }
    }
    return following;
}

class References {
public:
    References(PlacingDraft& draft, const Following& following, std::size_t child)
        : draft_(draft), following_(following), number_(child), child_(draft.plan.tables[child]) {}

    void run() {
        for (const PlacingReference& reference : child_.target.references) {
            follow(reference);
        }
        follow_map();
        follow_lookups();
    }

private:
    [[nodiscard]] std::optional<std::size_t> placing_of(const RelationName& parent) const {
        const auto found = draft_.placing_of.find(parent);
        return found == draft_.placing_of.end() ? std::nullopt : std::optional{found->second};
    }

    void follow(const PlacingReference& reference) {
        const auto places = find_places(child_, reference.columns);
        if (!places) {
            return; // not written: the default refers to nothing, or the server checks it
        }
        for (const std::size_t place : *places) {
            referring_.insert(place);
        }
        const auto parent = placing_of(reference.parent);
        if (std::ranges::any_of(*places, [this](std::size_t place) {
                return child_.columns[place].is_looked_up;
            })) {
            look_up(reference.name, *places, reference.parent, reference.parent_columns);
        } else if (parent && is_from_source(*places)) {
            if (may_differ(draft_, following_, draft_.plan.tables[*parent],
                           reference.parent_columns)) {
                translate(reference.name, *places, *parent, reference.parent_columns);
            }
        } else if (is_from_source(*places)) {
            require_trust(reference);
        }
        check(reference, *places, parent);
    }

    [[nodiscard]] bool is_from_source(const Places& places) const {
        return std::ranges::any_of(places, [this](std::size_t place) {
            return child_.columns[place].origin == ValueOrigin::source;
        });
    }

    void check(const PlacingReference& reference, const Places& places,
               const std::optional<std::size_t>& parent) {
        const bool comes_later = parent && *parent > number_;
        if (comes_later && !reference.is_deferrable && child_.key.empty()) {
            draft_.object(
                child_,
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

    /// The parent's rows say which number became which.
    void translate(const std::string& name, const Places& places, std::size_t parent,
                   const std::vector<std::string>& parent_columns) {
        TablePlacing& of_parent = draft_.plan.tables[parent];
        const auto originals = find_places(of_parent, parent_columns);
        const bool are_staged =
            originals && std::ranges::all_of(*originals, [&](std::size_t place) {
                return of_parent.columns[place].origin == ValueOrigin::source ||
                       of_parent.columns[place].keeps_original;
            });
        if (!are_staged) {
            draft_.object(child_,
                          fmt::format("{} refers to columns of {} that the source lacks", name,
                                      dotted(of_parent.target.table)),
                          "Export these columns too, or refer by a natural key (export --ref).");
            return;
        }
        const bool is_in_key = std::ranges::any_of(places, [this](std::size_t place) {
            return std::ranges::count(child_.key, place) > 0;
        });
        if (is_in_key && parent >= number_) {
            draft_.object(
                child_,
                fmt::format("its key contains {}, by which it refers to {}, whose numbers "
                            "are not known before",
                            name, parent == number_ ? "itself" : dotted(of_parent.target.table)),
                fmt::format("Name other columns that identify a row: --key {}=COLUMN,…",
                            dotted(child_.target.table)));
        }
        for (const std::size_t place : *originals) {
            of_parent.columns[place].keeps_original = true;
            of_parent.columns[place].only_inserted = true; // rows of the target refer to it
        }
        for (const std::size_t place : places) {
            child_.columns[place].keeps_original = true;
        }
        child_.references.push_back({.name = name,
                                     .columns = places,
                                     .parent = of_parent.target.table,
                                     .parent_columns = parent_columns,
                                     .parent_placing = parent,
                                     .is_in_key = is_in_key});
    }

    /// A column that has the parent's natural key in place of its number.
    void look_up(const std::string& name, const Places& places, const RelationName& parent,
                 const std::vector<std::string>& parent_columns) {
        const std::size_t place = places.front();
        const PlacedColumn& column = child_.columns[place];
        if (places.size() != 1) {
            draft_.object(
                child_,
                fmt::format("{} has several columns, which a single reference cannot fill", name),
                "Export the table without --ref.");
            return;
        }
        const SourceReference* reference = find_source_reference(column);
        const PlacingTable& of_parent = draft_.target.tables.at(parent);
        for (const std::string& found_by : reference->columns) {
            if (of_parent.find(found_by) == nullptr) {
                draft_.object(child_,
                              fmt::format("{} refers to {} by {}, which the database lacks",
                                          column.column.name, dotted(parent), found_by),
                              "Export with another --ref, or add the column.");
                return;
            }
        }
        std::vector<PlacingType> types;
        for (const std::string& found_by : reference->columns) {
            types.push_back(of_parent.find(found_by)->type);
        }
        looked_up_.insert(place);
        child_.references.push_back({.name = name,
                                     .columns = places,
                                     .parent = parent,
                                     .parent_columns = parent_columns,
                                     .parent_placing = placing_of(parent),
                                     .found_by = reference->columns,
                                     .found_by_types = std::move(types),
                                     .staged = column.staged,
                                     .is_in_key = std::ranges::count(child_.key, place) > 0});
    }

    [[nodiscard]] const SourceReference* find_source_reference(const PlacedColumn& column) const {
        for (const std::size_t source : child_.sources) {
            for (const SourceColumn& from : draft_.source.tables[source].columns) {
                if (from.name == child_.staged[column.staged] && from.reference) {
                    return &*from.reference;
                }
            }
        }
        return nullptr;
    }

    /// References by a natural key for which the target has no foreign key.
    void follow_lookups() {
        for (std::size_t place = 0; place < child_.columns.size(); ++place) {
            const PlacedColumn& column = child_.columns[place];
            if (!column.is_looked_up || looked_up_.contains(place)) {
                continue;
            }
            const SourceReference& reference = *find_source_reference(column);
            const auto parent = draft_.target.tables.find(reference.table);
            const auto* key =
                parent == draft_.target.tables.end() ? nullptr : find_primary_key(parent->second);
            if (key == nullptr || key->columns.size() != 1) {
                draft_.object(child_,
                              fmt::format("{} refers to {}, which has no primary key of one column "
                                          "in the database",
                                          column.column.name, dotted(reference.table)),
                              "Declare a foreign key, or export without --ref.");
                continue;
            }
            look_up(column.column.name, {place}, reference.table, key->columns);
        }
    }

    static const PlacingUnique* find_primary_key(const PlacingTable& table) {
        const auto found = std::ranges::find_if(table.uniques, &PlacingUnique::is_primary);
        return found == table.uniques.end() ? nullptr : &*found;
    }

    /// The numbers of a table that is not imported.
    void require_trust(const PlacingReference& reference) {
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
                    fmt::format(
                        "Import {} too, with a --key. If the numbers mean the same in both: "
                        "--trust-ids.",
                        dotted(reference.parent)));
                return;
            }
        }
    }

    /// References that only the map knows of.
    void follow_map() {
        const SourceTable& source = draft_.source.tables[child_.sources.front()];
        const TableMap& map = map_of(draft_, source);
        for (const auto& [column, to] : map.references) {
            const auto places = find_places(child_, {column});
            if (!places) {
                continue;
            }
            referring_.insert(places->front());
            if (!to) {
                continue;
            }
            const std::size_t dot = to->rfind('.');
            const std::string parent_column = dot == std::string::npos ? "" : to->substr(dot + 1);
            const std::string parent_table = to->substr(0, dot == std::string::npos ? 0 : dot);
            const auto parent = std::ranges::find_if(
                draft_.plan.tables, [&parent_table](const TablePlacing& table) {
                    return dotted(table.target.table) == parent_table ||
                           table.target.table.name == parent_table;
                });
            if (parent == draft_.plan.tables.end() ||
                parent->target.find(parent_column) == nullptr) {
                draft_.object(
                    child_,
                    fmt::format("the map says that {} refers to {}, which is not imported", column,
                                *to),
                    "Write it as \"table.column\" of an imported table, or as false.");
                continue;
            }
            if (may_differ(draft_, following_, *parent, {parent_column})) {
                const auto number = static_cast<std::size_t>(parent - draft_.plan.tables.begin());
                translate(column, *places, number, {parent_column});
                // No constraint of the server holds it if the parent is a conflict.
                child_.checks.push_back({.name = column,
                                         .columns = *places,
                                         .parent = parent->target.table,
                                         .parent_columns = {parent_column},
                                         .parent_placing = number});
            }
        }
    }

public:
    /// Whole numbers that are named like references, but are none as far as anybody said.
    void object_to_undeclared(const std::string& renumbered) {
        constexpr std::array<std::uint32_t, 4> k_numbers{20, 21, 23, 1700}; // int8 2 4, numeric
        for (std::size_t i = 0; i < child_.columns.size(); ++i) {
            const PlacedColumn& column = child_.columns[i];
            const std::string& name = column.column.name;
            const bool looks_like_one = name.ends_with("_id") || name.ends_with("Id");
            if (looks_like_one && column.origin == ValueOrigin::source && !column.is_looked_up &&
                !column.column.is_numbered() && !referring_.contains(i) &&
                std::ranges::count(k_numbers, column.column.type.plain_oid) > 0) {
                draft_.object(
                    child_,
                    fmt::format("{} looks like a reference, and rows of {} get other "
                                "numbers",
                                name, renumbered),
                    fmt::format("Say in a map what it is: [table.\"{}\"] ref = {{ {} = "
                                "\"table.column\" }}, or {} = false if it refers to none.",
                                dotted(child_.target.table), name, name));
            }
        }
    }

private:
    PlacingDraft& draft_;
    const Following& following_;
    std::size_t number_;
    TablePlacing& child_;
    std::set<std::size_t> referring_;
    std::set<std::size_t> looked_up_;
};

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

} // namespace

void follow_references(PlacingDraft& draft) {
    const std::string renumbered = find_renumbered(draft);
    const Following following = find_following(draft);
    for (std::size_t i = 0; i < draft.plan.tables.size(); ++i) {
        References references{draft, following, i};
        references.run();
        if (!renumbered.empty()) {
            references.object_to_undeclared(renumbered);
        }
    }
}

} // namespace dbbackup::pg
