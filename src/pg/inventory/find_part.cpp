#include "pg/sql/object_kind.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/name_pattern.hpp>
#include <dbbackup/pg/select_tables.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

namespace dbbackup::pg {

namespace {

std::set<RelationName> relations_of(const DumpSummary& dump) {
    const auto& [contents, inventory] = dump;
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

std::set<std::string> schemas_of(const std::set<RelationName>& relations, const DumpSummary& dump) {
    const auto& [contents, inventory] = dump;
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

/// Unclosed quotes quote nothing.
std::optional<NamePattern> read_quoted(const std::string& wanted, std::string_view option) {
    if (wanted.find('"') == std::string::npos) {
        return std::nullopt;
    }
    try {
        return NamePattern{wanted, option};
    } catch (const base::Error&) {
        return std::nullopt;
    }
}

/// By the name as written. A name with a dot is never that of a table in any schema.
std::vector<RelationName> find_exact(const std::set<RelationName>& known,
                                     const std::string& wanted) {
    const bool has_dot = wanted.find('.') != std::string::npos;
    auto found = select(known, [&](const RelationName& one) {
        return has_dot ? one.schema + "." + one.name == wanted : one.name == wanted;
    });
    if (has_dot && found.size() > 1) { // "a"."b.c" or "a.b"."c"
        found.clear();
    }
    return found;
}

std::vector<RelationName> find_relations(const std::set<RelationName>& known,
                                         const std::string& wanted, bool quotes_may_be_part) {
    const auto quoted = read_quoted(wanted, "--table");
    const auto find_fitting = [&known](const NamePattern& pattern) {
        return select(known, [&pattern](const RelationName& relation) {
            return pattern.fits(relation.schema, relation.name);
        });
    };
    if (quoted) {
        auto found = find_fitting(*quoted);
        return found.empty() && quotes_may_be_part ? find_exact(known, wanted) : found;
    }
    auto found = find_exact(known, wanted);
    if (!found.empty()) {
        return found;
    }
    try {
        return find_fitting(NamePattern{wanted, "--table"});
    } catch (const base::Error&) {
        // It has no other reading: it may be the name, whatever is in it.
        found = select(known, [&](const RelationName& one) { return one.name == wanted; });
        if (found.empty()) {
            throw;
        }
        return found;
    }
}

std::vector<std::string> find_schemas(const std::set<std::string>& known, const std::string& wanted,
                                      bool quotes_may_be_part) {
    const auto find_fitting = [&known](const NamePattern& pattern) {
        return pattern.has_schema() ? std::vector<std::string>{}
                                    : select(known, [&pattern](const std::string& schema) {
                                          return pattern.fits(schema);
                                      });
    };
    const auto quoted = read_quoted(wanted, "--schema");
    auto found = quoted ? find_fitting(*quoted) : std::vector<std::string>{};
    if (found.empty() && known.contains(wanted) && (!quoted || quotes_may_be_part)) {
        return {wanted};
    }
    return quoted ? found : find_fitting(NamePattern{wanted, "--schema"});
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

FoundPart find_part(const DumpSummary& dump, const WantedPart& wanted) {
    FoundPart found;
    found.part.whole = wanted.is_whole();
    const auto relations = relations_of(dump);
    const auto schemas = schemas_of(relations, dump);
    found.part.relations =
        find_each<RelationName>(wanted.tables, found.missing_tables, [&](const std::string& table) {
            return find_relations(relations, table, wanted.quotes_may_be_part);
        });
    found.part.schemas = find_each<std::string>(
        wanted.schemas, found.missing_schemas, [&](const std::string& schema) {
            return find_schemas(schemas, schema, wanted.quotes_may_be_part);
        });
    for (const DumpedExtension& extension : dump.inventory.extensions) {
        if (std::ranges::count(found.part.schemas, extension.schema) > 0) {
            found.part.extensions.push_back(extension.name);
        }
    }
    return found;
}

} // namespace dbbackup::pg
