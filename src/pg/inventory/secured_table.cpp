#include "pg/inventory/secured_table.hpp"

#include <utility>

namespace dbbackup::pg {

std::optional<RelationName> find_secured_table(const ScriptStatement& statement) {
    if (!statement.head.is(Verb::alter, "table")) {
        return std::nullopt;
    }
    WordReader reader = statement.head.object();
    auto table = statement.qualified(reader.take_qualified_name());
    if (!table || !reader.take_phrase("enable row level security")) {
        return std::nullopt;
    }
    return RelationName{std::move(table->schema), std::move(table->name)};
}

} // namespace dbbackup::pg
