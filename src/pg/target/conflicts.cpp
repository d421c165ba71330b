#include "pg/target/conflicts.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace dbbackup::pg {

namespace {

constexpr std::array<std::string_view, 6> k_relations{
    "table", "foreign table", "view", "materialized view", "sequence", "index"};
constexpr std::array<std::string_view, 3> k_routines{"function", "procedure", "aggregate"};

template <typename Kinds>
bool is_among(const Kinds& kinds, std::string_view kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// Namespaces in which names are unique in a schema: a table needs a name among relations and, for
/// its rows, one among types.
std::vector<std::string> name_spaces(const std::string& kind) {
    if (kind == "sequence" || kind == "index") {
        return {"relation"};
    }
    if (is_among(k_relations, kind)) {
        return {"relation", "type"};
    }
    if (kind == "type" || kind == "domain") {
        return {"type"};
    }
    if (is_among(k_routines, kind)) {
        return {"routine"};
    }
    return {kind};
}

/// An extension's routine of the same name has other arguments, or the dump could not come from a
/// database with that extension; a language is one that old dumps make or replace.
bool is_in_nobodys_way(const TargetObject& object) {
    return !object.extension.empty() &&
           (is_among(k_routines, object.id.kind) || object.id.kind == "operator" ||
            object.id.kind == "language");
}

class TakenNames {
public:
    explicit TakenNames(const TargetFates& fates) {
        for (const TargetObject& object : fates.target.objects) {
            if (object.goes() || object.is_left_alone || is_in_nobodys_way(object)) {
                continue;
            }
            for (std::string& space : name_spaces(object.id.kind)) {
                names_.emplace(std::move(space), object.id.schema, object.id.name);
            }
        }
    }

    [[nodiscard]] bool has(const DumpObject& object) const {
        const std::vector<std::string> spaces = name_spaces(object.kind);
        return std::any_of(spaces.begin(), spaces.end(), [&](const std::string& space) {
            return names_.count({space, object.schema, object.name}) > 0;
        });
    }

private:
    std::set<std::tuple<std::string, std::string, std::string>> names_;
};

std::vector<DumpObject> rows_in_the_way(const TargetFates& fates,
                                        const std::vector<TargetTable>& tables) {
    std::map<std::pair<std::string_view, std::string_view>, const TargetTable*> counted;
    for (const TargetTable& table : tables) {
        counted.try_emplace({table.schema, table.name}, &table);
    }
    std::vector<DumpObject> conflicts;
    for (const TargetObject& object : fates.target.objects) {
        if (!object.gets_loose_rows || object.fate != Fate::stays) {
            continue;
        }
        const auto found = counted.find({object.id.schema, object.id.name});
        // What could not be counted may hold rows: an ordinary table that we may not read, a
        // foreign one. The rows of a partitioned table are its partitions'.
        const bool may_hold_rows = found == counted.end()
                                       ? object.relation_kind != 'p'
                                       : !found->second->counted || found->second->rows > 0;
        if (may_hold_rows) {
            conflicts.push_back({"rows of " + object.id.kind, object.id.schema, object.id.name});
        }
    }
    return conflicts;
}

} // namespace

std::vector<DumpObject> find_conflicts(const TargetFates& fates, const DumpInventory& inventory,
                                       const std::vector<TargetTable>& tables) {
    const TakenNames taken{fates};
    std::vector<DumpObject> conflicts;
    std::set<DumpObject> listed;
    for (const std::string& schema : inventory.created_schemas) {
        const DumpObject object{"schema", "", schema};
        if (schema != "public" && taken.has(object)) {
            listed.insert(object);
            conflicts.push_back(object);
        }
    }
    for (const DumpObject& object : inventory.objects) {
        if (taken.has(object) && listed.insert(object).second) {
            conflicts.push_back(object);
        }
    }
    std::set<std::uint32_t> large_objects{fates.target.large_objects.begin(),
                                          fates.target.large_objects.end()};
    for (const std::uint32_t oid : fates.large_objects) {
        large_objects.erase(oid);
    }
    for (const std::uint32_t oid : inventory.large_objects) {
        if (large_objects.count(oid) > 0) {
            conflicts.push_back({"large object", "", std::to_string(oid)});
        }
    }
    for (DumpObject& rows : rows_in_the_way(fates, tables)) {
        conflicts.push_back(std::move(rows));
    }
    return conflicts;
}

} // namespace dbbackup::pg
