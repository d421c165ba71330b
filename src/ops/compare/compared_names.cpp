#include "ops/compare/compared_names.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>

namespace dbbackup::ops {

pg::RelationName spelled_as_recorded(const pg::RelationName& name) {
    return {base::to_valid_utf8(name.schema), base::to_valid_utf8(name.name)};
}

pg::StatePart spelled_as_recorded(const pg::StatePart& part) {
    return {spelled_as_recorded(part.table), base::to_valid_utf8(part.name)};
}

pg::DatabaseState spell_as_recorded(pg::DatabaseState state) {
    for (pg::StateTable& table : state.tables) {
        table.table = spelled_as_recorded(table.table);
        for (pg::StateColumn& column : table.columns) {
            column.name = base::to_valid_utf8(column.name);
            column.type = base::to_valid_utf8(column.type);
        }
        std::ranges::transform(table.key, table.key.begin(), base::to_valid_utf8);
    }
    for (pg::SequenceState& sequence : state.sequences) {
        sequence.schema = base::to_valid_utf8(sequence.schema);
        sequence.name = base::to_valid_utf8(sequence.name);
    }
    for (pg::StatePart& constraint : state.not_validated) {
        constraint = spelled_as_recorded(constraint);
    }
    for (pg::MigrationState& migrations : state.migrations) {
        migrations.table = spelled_as_recorded(migrations.table);
        std::ranges::transform(migrations.applied, migrations.applied.begin(), base::to_valid_utf8);
    }
    return state;
}

} // namespace dbbackup::ops
