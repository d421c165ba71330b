#include "pg/target/target_summary.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace dbbackup::pg {

namespace {

std::string title_of(const DumpObject& id) {
    return id.schema.empty() ? fmt::format("{} {}", id.kind, id.name)
                             : fmt::format("{} {}.{}", id.kind, id.schema, id.name);
}

std::string count_of(std::size_t number, std::string_view thing) {
    return fmt::format("{} {}{}", base::with_thousands(number), thing, number == 1 ? "" : "s");
}

constexpr std::size_t k_most_schemas = 5; ///< in a shortened list

struct SchemaCount {
    std::size_t tables = 0;
    std::size_t others = 0;
};

/// What belongs to a table is not counted separately.
void count(SchemaCount& counts, const TargetObject& object) {
    if (object.relation_kind == 'r' || object.relation_kind == 'f') {
        ++counts.tables;
    } else if (object.table_oid.empty() && object.relation_kind != 'p') {
        ++counts.others;
    }
}

std::string title_of(const std::string& schema, const SchemaCount& counts) {
    if (counts.tables > 0) {
        return fmt::format("schema {} ({})", schema, count_of(counts.tables, "table"));
    }
    return fmt::format("schema {} ({})", schema,
                       counts.others > 0 ? count_of(counts.others, "object") : "empty");
}

/// "30 other schemas (59 tables)".
std::string summary_of(const std::map<std::string, SchemaCount>& schemas) {
    std::size_t tables = 0;
    for (const auto& [schema, counts] : schemas) {
        tables += counts.tables;
    }
    return fmt::format("{} ({})", count_of(schemas.size(), "other schema"),
                       count_of(tables, "table"));
}

} // namespace

std::vector<std::string> list_what_goes(const TargetFates& fates) {
    std::vector<std::string> schemas;
    std::vector<std::string> others;
    bool clears_something = false;
    for (const TargetObject& object : fates.target.objects) {
        if (object.fate == Fate::dropped && fates.clears_public && object.id.schema == "public") {
            clears_something = true;
        } else if (object.fate == Fate::dropped) {
            (object.id.kind == "schema" ? schemas : others).push_back(title_of(object.id));
        } else if (object.fate == Fate::emptied) {
            others.push_back("rows of " + title_of(object.id));
        }
    }
    if (clears_something) {
        schemas.emplace_back("everything in schema public");
    }
    for (const TargetExtension& extension : fates.target.extensions) {
        if (extension.goes()) {
            others.push_back("extension " + extension.id.name);
        }
    }
    if (!fates.large_objects.empty()) {
        others.push_back(count_of(fates.large_objects.size(), "large object"));
    }
    schemas.insert(schemas.end(), others.begin(), others.end());
    return schemas;
}

std::vector<std::string> list_what_stays(const TargetFates& fates, ListLength length) {
    std::map<std::string, SchemaCount> schemas;
    std::vector<std::string> others;
    for (const TargetObject& object : fates.target.objects) {
        if (object.goes() || !object.extension.empty()) {
            continue;
        }
        if (object.id.kind == "schema") {
            schemas.try_emplace(object.id.name);
        } else if (object.id.schema.empty()) {
            others.push_back(title_of(object.id));
        } else {
            count(schemas[object.id.schema], object);
        }
    }
    const auto place = schemas.find("public");
    if (place != schemas.end() && place->second.tables + place->second.others == 0) {
        schemas.erase(place); // every database has it
    }
    std::vector<std::string> stays;
    if (length == ListLength::shortened && schemas.size() > k_most_schemas) {
        stays.push_back(summary_of(schemas));
    } else {
        for (const auto& [schema, counts] : schemas) {
            stays.push_back(title_of(schema, counts));
        }
    }
    for (const TargetExtension& extension : fates.target.extensions) {
        if (!extension.goes() && extension.id.name != k_plpgsql) {
            stays.push_back("extension " + extension.id.name);
        }
    }
    stays.insert(stays.end(), others.begin(), others.end());
    const std::size_t large_objects =
        fates.target.large_objects.size() - fates.large_objects.size();
    if (large_objects > 0) {
        stays.push_back(count_of(large_objects, "large object"));
    }
    return stays;
}

std::uint64_t count_drop_locks(const TargetFates& fates) {
    std::uint64_t locks = fates.large_objects.size();
    for (const TargetObject& object : fates.target.objects) {
        if (!object.goes()) {
            continue;
        }
        switch (object.relation_kind) {
        case 'r': // with its TOAST table, that one's index, and two types
            locks += 5;
            break;
        case 'v': // with its rule and two types
        case 'm':
            locks += 4;
            break;
        case 'p': // with two types
        case 'f':
            locks += 3;
            break;
        case 'i': // with its constraint, perhaps
        case 'I':
        case 'S':
            locks += 2;
            break;
        default:
            locks += 1;
        }
    }
    return locks;
}

bool holds_nothing(const TargetObjects& target) {
    return target.large_objects.empty() &&
           std::all_of(target.extensions.begin(), target.extensions.end(),
                       [](const TargetExtension& one) { return one.id.name == k_plpgsql; }) &&
           std::all_of(target.objects.begin(), target.objects.end(),
                       [](const TargetObject& object) {
                           return !object.extension.empty() ||
                                  object.id == DumpObject{"schema", "", "public"};
                       });
}

} // namespace dbbackup::pg
