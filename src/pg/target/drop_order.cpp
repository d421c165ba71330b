#include "pg/target/drop_order.hpp"

#include "pg/sql/sql_text.hpp"
#include "pg/target/object_parts.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace dbbackup::pg {

namespace {

constexpr const char* k_edges_begin = R"(
with single (classid, objid) as (
  select g.classid, g.objid
  from rows from (pg_catalog.unnest($1::pg_catalog.oid[]),
    pg_catalog.unnest($2::pg_catalog.oid[])) g (classid, objid)),
)";

constexpr const char* k_edges_end = R"(
select distinct needed.classid, needed.objid, needing.classid, needing.objid
from pg_catalog.pg_depend d
left join part a on a.classid = d.classid and a.objid = d.objid
left join part b on b.classid = d.refclassid and b.objid = d.refobjid
join single needing on needing.classid = coalesce(a.whole_class, d.classid)
  and needing.objid = coalesce(a.whole, d.objid)
join single needed on needed.classid = coalesce(b.whole_class, d.refclassid)
  and needed.objid = coalesce(b.whole, d.refobjid)
where (needed.classid, needed.objid) <> (needing.classid, needing.objid))";

/// The order of kinds if dependencies leave a choice.
constexpr std::array<std::string_view, 26> k_kinds{"event trigger",
                                                   "publication",
                                                   "materialized view",
                                                   "view",
                                                   "foreign table",
                                                   "table",
                                                   "sequence",
                                                   "transform",
                                                   "cast",
                                                   "operator class",
                                                   "operator family",
                                                   "operator",
                                                   "aggregate",
                                                   "procedure",
                                                   "function",
                                                   "domain",
                                                   "type",
                                                   "statistics",
                                                   "collation",
                                                   "text search configuration",
                                                   "text search dictionary",
                                                   "text search template",
                                                   "text search parser",
                                                   "conversion",
                                                   "server",
                                                   "foreign data wrapper"};

std::size_t rank_of(const TargetObject& object) {
    return static_cast<std::size_t>(std::find(k_kinds.begin(), k_kinds.end(), object.id.kind) -
                                    k_kinds.begin());
}

using Key = std::pair<std::string, std::string>;

struct Node {
    const TargetObject* object = nullptr;
    std::size_t position = 0;  ///< among all; the plan must be the same each time it is made
    std::set<Node*> needed_by; ///< and not dropped yet
    std::set<Node*> needs;
};

class Graph {
public:
    Graph(const DropBatch& objects, const std::vector<Session::Row>& edges) {
        for (const TargetObject* object : objects) {
            const std::size_t position = nodes_.size();
            nodes_[{object->class_oid, object->oid}] = {
                .object = object, .position = position, .needed_by = {}, .needs = {}};
        }
        for (const Session::Row& row : edges) {
            Node& needed = nodes_.at({row[0], row[1]});
            Node& needing = nodes_.at({row[2], row[3]});
            needed.needed_by.insert(&needing);
            needing.needs.insert(&needed);
        }
        for (auto& [key, node] : nodes_) {
            left_.insert(place_of(&node));
        }
    }

    std::vector<DropStep> take_apart() {
        std::vector<DropStep> steps;
        while (!left_.empty()) {
            const std::set<Node*> nodes = next();
            const bool is_tangled = nodes.size() == 1 && !(*nodes.begin())->needed_by.empty();
            steps.push_back({take(nodes), is_tangled});
        }
        return steps;
    }

private:
    using Place = std::tuple<std::size_t, std::size_t, Node*>;

    static Place place_of(Node* node) { return {rank_of(*node->object), node->position, node}; }

    /// All objects of the first kind on which nothing depends; else a cycle within one kind, such
    /// as tables that reference each other; else the first, which is tangled.
    [[nodiscard]] std::set<Node*> next() const {
        std::set<Node*> free;
        for (const auto& [rank, position, node] : left_) {
            if (!free.empty() && rank_of(*(*free.begin())->object) != rank) {
                break;
            }
            if (node->needed_by.empty()) {
                free.insert(node);
            }
        }
        for (auto one = left_.begin(); free.empty() && one != left_.end(); ++one) {
            free = all_that_need(std::get<Node*>(*one));
        }
        return free.empty() ? std::set<Node*>{std::get<Node*>(*left_.begin())} : free;
    }

    /// `node` and what depends on it, directly or not; nothing if other kinds are among them.
    static std::set<Node*> all_that_need(Node* node) {
        std::set<Node*> found{node};
        std::vector<Node*> unseen{node};
        while (!unseen.empty()) {
            Node* one = unseen.back();
            unseen.pop_back();
            if (one->object->id.kind != node->object->id.kind) {
                return {};
            }
            for (Node* needing : one->needed_by) {
                if (found.insert(needing).second) {
                    unseen.push_back(needing);
                }
            }
        }
        return found;
    }

    DropBatch take(const std::set<Node*>& nodes) {
        DropBatch batch;
        for (Node* node : nodes) {
            batch.push_back(node->object);
            for (Node* needed : node->needs) {
                needed->needed_by.erase(node);
            }
            left_.erase(place_of(node));
        }
        std::sort(batch.begin(), batch.end(),
                  [](const TargetObject* a, const TargetObject* b) { return a->sql < b->sql; });
        return batch;
    }

    std::map<Key, Node> nodes_;
    std::set<Place> left_;
};

} // namespace

std::vector<DropStep> order_drops(Session& session, const DropBatch& objects,
                                  int server_version_number) {
    std::vector<std::string> classes;
    std::vector<std::string> oids;
    for (const TargetObject* object : objects) {
        classes.push_back(object->class_oid);
        oids.push_back(object->oid);
    }
    const auto edges = session.query(k_edges_begin + part_sql(server_version_number) + k_edges_end,
                                     {array_parameter(classes), array_parameter(oids)});
    return Graph{objects, edges}.take_apart();
}

} // namespace dbbackup::pg
