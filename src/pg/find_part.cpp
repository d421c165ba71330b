#include "pg/object_kind.hpp"

#include <dbbackup/pg/name_pattern.hpp>
#include <dbbackup/pg/select_tables.hpp>

#include <algorithm>
#include <set>

namespace dbbackup::pg {

namespace {

std::set<RelationName> relations_of(const DumpContents& contents, const DumpInventory& inventory) {
    std::set<RelationName> relations;
    for (const DumpObject& object : inventory.objects) {
        if (is_relation(object.kind)) {
            relations.insert({object.schema, object.name});
        }
    }
    for (const ScannedTable& table : contents.tables) {
        relations.insert({table.schema, table.name});
    }
    for (const InsertedTable& table : inventory.inserted) {
        relations.insert({table.schema, table.name});
    }
    return relations;
}

std::set<std::string> schemas_of(const std::set<RelationName>& relations,
                                 const DumpContents& contents, const DumpInventory& inventory) {
    std::set<std::string> schemas{inventory.created_schemas.begin(),
                                  inventory.created_schemas.end()};
    schemas.insert(contents.schemas.begin(), contents.schemas.end());
    for (const RelationName& relation : relations) {
        schemas.insert(relation.schema);
    }
    for (const DumpObject& object : inventory.objects) {
        schemas.insert(object.schema);
    }
    schemas.erase("");
    return schemas;
}

/// Those of `known` that `fits`.
template <typename Known, typename Fits>
std::vector<typename Known::value_type> select(const Known& known, Fits fits) {
    std::vector<typename Known::value_type> found;
    std::ranges::copy_if(known, std::back_inserter(found), fits);
    return found;
}

std::vector<RelationName> find_relations(const std::set<RelationName>& known,
                                         const std::string& wanted) {
    auto found = select(known, [&wanted](const RelationName& relation) {
        return relation.schema + "." + relation.name == wanted;
    });
    if (found.empty()) {
        found = select(known, [&wanted](const RelationName& one) { return one.name == wanted; });
    }
    if (found.empty()) {
        const NamePattern pattern{wanted, "--table"};
        found = select(known, [&pattern](const RelationName& relation) {
            return pattern.fits(relation.schema, relation.name);
        });
    }
    return found;
}

std::vector<std::string> find_schemas(const std::set<std::string>& known,
                                      const std::string& wanted) {
    if (known.contains(wanted)) {
        return {wanted};
    }
    const NamePattern pattern{wanted, "--schema"};
    return pattern.has_schema() ? std::vector<std::string>{}
                                : select(known, [&pattern](const std::string& schema) {
                                      return pattern.fits(schema);
                                  });
}

/// The names that `find` has for each of `wanted`, each once.
template <typename Name, typename Find>
std::vector<Name> find_each(const std::vector<std::string>& wanted,
                            std::vector<std::string>& missing, Find find) {
    std::set<Name> names;
    for (const std::string& one : wanted) {
        const std::vector<Name> found = find(one);
        names.insert(found.begin(), found.end());
        if (found.empty()) {
            missing.push_back(one);
        }
    }
    return {names.begin(), names.end()};
}

} // namespace

FoundPart find_part(const DumpContents& contents, const DumpInventory& inventory,
                    const WantedPart& wanted) {
    FoundPart found;
    found.part.whole = wanted.is_whole();
    const auto relations = relations_of(contents, inventory);
    const auto schemas = schemas_of(relations, contents, inventory);
    found.part.relations = find_each<RelationName>(
        wanted.tables, found.missing_tables,
        [&relations](const std::string& table) { return find_relations(relations, table); });
    found.part.schemas = find_each<std::string>(
        wanted.schemas, found.missing_schemas,
        [&schemas](const std::string& schema) { return find_schemas(schemas, schema); });
    for (const DumpedExtension& extension : inventory.extensions) {
        if (std::ranges::count(found.part.schemas, extension.schema) > 0) {
            found.part.extensions.push_back(extension.name);
        }
    }
    return found;
}

} // namespace dbbackup::pg
