#pragma once

#include "pg/placing/placing_draft.hpp"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace dbbackup::pg {

/// Columns that get other values than they have in the source, because what they refer to does.
using FollowingColumns = std::set<std::pair<RelationName, std::string>>;

/// A reference may refer to another one: the lines of an order, and what was said of a line.
[[nodiscard]] FollowingColumns find_following_columns(const PlacingDraft& draft);

/// A row of the source may be another one in the target by these columns.
[[nodiscard]] bool may_differ(const PlacingDraft& draft, const FollowingColumns& following,
                              const TablePlacing& parent, const std::vector<std::string>& columns);

/// Whether the values that a reference of tables[number] takes are known only once the rows of all
/// tables have been found; else those of the tables before it are enough.
[[nodiscard]] bool is_known_late(const std::vector<TablePlacing>& tables, std::size_t number,
                                 const PlacedReference& reference);

/// The references of one table.
class ReferencePlacing {
public:
    ReferencePlacing(PlacingDraft& draft, const FollowingColumns& following, std::size_t child)
        : draft_(draft), following_(following), number_(child), child_(draft.plan.tables[child]) {}

    void run();

    /// Whole numbers that are named like references, but are none as far as anybody said.
    void object_to_undeclared(const std::string& renumbered);

private:
    using Places = std::vector<std::size_t>;

    // placing_references.cpp: foreign keys of the target.
    void follow(const PlacingReference& reference);
    void check(const PlacingReference& reference, const Places& places,
               const std::optional<std::size_t>& parent);
    void require_trust(const PlacingReference& reference);
    [[nodiscard]] std::optional<std::size_t> placing_of(const RelationName& parent) const;
    [[nodiscard]] bool is_from_source(const Places& places) const;

    // translated_references.cpp: to rows whose numbers become others.
    void translate(const std::string& name, const Places& places, std::size_t parent,
                   const std::vector<std::string>& parent_columns);
    void follow_map();

    // looked_up_references.cpp: by a natural key in place of the number.
    void look_up(const std::string& name, const Places& places, const RelationName& parent,
                 const std::vector<std::string>& parent_columns);
    [[nodiscard]] const SourceReference* find_source_reference(const PlacedColumn& column) const;
    void follow_lookups();

    PlacingDraft& draft_;
    const FollowingColumns& following_;
    std::size_t number_;
    TablePlacing& child_;
    std::set<std::size_t> referring_;
    std::set<std::size_t> looked_up_;
};

} // namespace dbbackup::pg
