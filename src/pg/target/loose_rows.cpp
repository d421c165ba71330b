#include "pg/target/loose_rows.hpp"

#include <algorithm>
#include <iterator>

namespace dbbackup::pg {

namespace {

bool is_table_kind(const std::string& kind) {
    return kind == "table" || kind == "foreign table" || kind == "materialized view";
}

} // namespace

LooseRows::LooseRows(const DumpSummary& dump, const TargetObjects& target) {
    std::set<RelationName> made;
    for (const DumpObject& object : dump.inventory.objects) {
        if (is_table_kind(object.kind)) {
            made.insert({object.schema, object.name});
        }
    }
    for (const ScannedTable& table : dump.contents.tables) {
        if (table.has_data && !made.contains({table.schema, table.name})) {
            tables_.insert({table.schema, table.name});
        }
    }
    for (const InsertedTable& table : dump.inventory.inserted) {
        if (!made.contains({table.schema, table.name})) {
            tables_.insert({table.schema, table.name});
        }
    }
    for (const TargetObject& object : target.objects) {
        if (!object.extension.empty() && object.relation_kind != ' ' &&
            tables_.erase({object.id.schema, object.id.name}) > 0) {
            extensions_.insert(object.extension);
        }
    }
    std::ranges::copy_if(dump.inventory.extensions, std::back_inserter(new_extensions_),
                         [&target](const DumpedExtension& extension) {
                             return extension.name != k_plpgsql &&
                                    std::ranges::none_of(target.extensions,
                                                         [&](const TargetExtension& there) {
                                                             return there.id.name == extension.name;
                                                         });
                         });
}

bool LooseRows::are_for(const DumpObject& table) const {
    return is_table_kind(table.kind) && tables_.contains({table.schema, table.name});
}

bool LooseRows::are_for_extension(const std::string& name) const {
    return extensions_.contains(name);
}

bool LooseRows::need_tables_in(const std::string& schema) const {
    const bool may_be_of_new_extension =
        std::ranges::any_of(new_extensions_, [&schema](const DumpedExtension& extension) {
            return extension.schema.empty() || extension.schema == schema;
        });
    return !may_be_of_new_extension &&
           std::ranges::any_of(
               tables_, [&schema](const RelationName& table) { return table.schema == schema; });
}

} // namespace dbbackup::pg
