#include "ops/compare/recorded_state.hpp"

#include <map>

namespace dbbackup::ops {

store::Manifest::Contents with_state(store::Manifest::Contents contents,
                                     const pg::DatabaseState& state) {
    std::map<pg::RelationName, const pg::StateTable*> tables;
    for (const pg::StateTable& table : state.tables) {
        tables[table.table] = &table;
    }
    for (store::Manifest::Table& table : contents.tables) {
        const auto found = tables.find({table.schema, table.name});
        if (found == tables.end()) {
            continue;
        }
        table.has_all_columns = found->second->has_all_columns;
        for (const pg::StateColumn& column : found->second->columns) {
            table.columns.push_back(
                {.name = column.name, .type = column.type, .generated = column.is_generated});
        }
    }
    store::Manifest::State& recorded = contents.state.emplace();
    recorded.encoding = state.encoding;
    for (const pg::SequenceState& sequence : state.sequences) {
        recorded.sequences.push_back({.schema = sequence.schema,
                                      .name = sequence.name,
                                      .value = sequence.value,
                                      .is_called = sequence.is_called == "true"});
    }
    for (const pg::StatePart& constraint : state.not_validated) {
        recorded.not_validated.push_back({.schema = constraint.table.schema,
                                          .table = constraint.table.name,
                                          .name = constraint.name});
    }
    for (const pg::MigrationState& migrations : state.migrations) {
        recorded.migrations.push_back({.tool = migrations.tool,
                                       .schema = migrations.table.schema,
                                       .table = migrations.table.name,
                                       .applied = migrations.applied});
    }
    return contents;
}

std::optional<pg::DatabaseState> find_recorded_state(const store::Manifest::Contents& contents) {
    if (!contents.state) {
        return std::nullopt;
    }
    pg::DatabaseState state;
    state.encoding = contents.state->encoding;
    for (const store::Manifest::Table& table : contents.tables) {
        pg::StateTable& read = state.tables.emplace_back();
        read.table = {table.schema, table.name};
        read.has_all_columns = table.has_all_columns;
        read.knows_generated = table.has_data;
        for (const store::Manifest::Column& column : table.columns) {
            read.columns.push_back({column.name, column.type, column.generated});
        }
    }
    for (const store::Manifest::Sequence& sequence : contents.state->sequences) {
        state.sequences.push_back({.schema = sequence.schema,
                                   .name = sequence.name,
                                   .value = sequence.value,
                                   .is_called = sequence.is_called ? "true" : "false"});
    }
    for (const store::Manifest::Constraint& constraint : contents.state->not_validated) {
        state.not_validated.push_back({{constraint.schema, constraint.table}, constraint.name});
    }
    for (const store::Manifest::Migrations& migrations : contents.state->migrations) {
        state.migrations.push_back({.tool = migrations.tool,
                                    .table = {migrations.schema, migrations.table},
                                    .applied = migrations.applied});
    }
    return state;
}

} // namespace dbbackup::ops
