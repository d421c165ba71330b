#include "pg/placing/placing_references.hpp"

#include <algorithm>

namespace dbbackup::pg {

namespace {

bool is_within(const std::vector<std::string>& some, const TablePlacing& table,
               const std::vector<std::size_t>& places) {
    return std::ranges::all_of(some, [&](const std::string& name) {
        return std::ranges::any_of(
            places, [&](std::size_t place) { return table.columns[place].column.name == name; });
    });
}

bool follow_more(const PlacingDraft& draft, const TablePlacing& child,
                 FollowingColumns& following) {
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

} // namespace

bool may_differ(const PlacingDraft& draft, const FollowingColumns& following,
                const TablePlacing& parent, const std::vector<std::string>& columns) {
    return (draft.updates_or_adds() && !is_within(columns, parent, parent.key)) ||
           std::ranges::any_of(columns, [&](const std::string& name) {
               const PlacedColumn* column = find_placed(parent, name);
               return column == nullptr || column->origin == ValueOrigin::sequence ||
                      following.contains({parent.target.table, name});
           });
}

FollowingColumns find_following_columns(const PlacingDraft& draft) {
    FollowingColumns following;
    bool more = true;
    while (more) {
        more = false;
        for (const TablePlacing& child : draft.plan.tables) {
            more = follow_more(draft, child, following) || more;
        }
    }
    return following;
}

} // namespace dbbackup::pg
