#include "pg/scan/contents_collector.hpp"

#include "pg/inventory/created_object.hpp"
#include "pg/sql/statement_facts.hpp"

#include <algorithm>

namespace dbbackup::pg {

void ContentsCollector::take(const Statement& statement) {
    if (auto searched = find_setting(statement, "search_path")) {
        search_schema_ = std::move(*searched);
    } else {
        add_schema(find_schema_created_in(statement, search_schema_));
    }
    if (const auto created = find_created_table(statement)) {
        find_or_add_table(*created);
    }
    contents_.large_objects += creates_large_object(statement) ? 1 : 0;
    contents_.insert_statements += find_inserted_rows(statement) ? 1 : 0;
}

std::size_t ContentsCollector::take_copy(const QualifiedName& table) {
    add_schema(table.schema.empty() ? search_schema_ : table.schema);
    const std::size_t place = find_or_add_table(table);
    contents_.tables[place].has_data = true;
    return place;
}

std::size_t ContentsCollector::find_or_add_table(const QualifiedName& name) {
    const std::string& schema = name.schema.empty() ? search_schema_ : name.schema;
    const auto [entry, is_new] =
        table_index_.try_emplace(schema + '\0' + name.name, contents_.tables.size());
    if (is_new) {
        ScannedTable& table = contents_.tables.emplace_back();
        table.schema = schema;
        table.name = name.name;
    }
    return entry->second;
}

void ContentsCollector::add_schema(const std::string& schema) {
    auto& schemas = contents_.schemas;
    const auto place = std::lower_bound(schemas.begin(), schemas.end(), schema);
    const bool known = place != schemas.end() && *place == schema;
    if (!known && !schema.empty() && schema != "pg_catalog") {
        schemas.insert(place, schema);
    }
}

} // namespace dbbackup::pg
