#include "pg/inventory/secured_table.hpp"

#include <utility>

namespace dbbackup::pg {

namespace {

/// The table of an ALTER TABLE that goes on with `words`.
std::optional<RelationName> find_altered_table(const ScriptStatement& statement,
                                               std::string_view words) {
    if (!statement.head.is(Verb::alter, "table")) {
        return std::nullopt;
    }
    WordReader reader = statement.head.object();
    auto table = statement.qualified(reader.take_qualified_name());
    if (!table || !reader.take_phrase(words)) {
        return std::nullopt;
    }
    return RelationName{std::move(table->schema), std::move(table->name)};
}

} // namespace

std::optional<RelationName> find_secured_table(const ScriptStatement& statement) {
    return find_altered_table(statement, "enable row level security");
}

std::optional<RelationName> find_forced_table(const ScriptStatement& statement) {
    return find_altered_table(statement, "force row level security");
}

} // namespace dbbackup::pg
