#include "pg/compare/live_contents.hpp"

#include "pg/compare/live_queries.hpp"
#include "pg/compare/migration_table.hpp"

#include <dbbackup/pg/state_differences.hpp>
#include <dbbackup/stream/pump.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <optional>
#include <utility>

namespace dbbackup::pg {

namespace {

/// Rows arrive one by one.
class MigrationReader : public stream::Observer {
public:
    explicit MigrationReader(MigrationTable table) : table_(std::move(table)) {}

    void observe(base::Bytes bytes) override {
        std::string_view row = base::as_text(bytes);
        row.remove_suffix(row.ends_with('\n') ? 1 : 0);
        table_.take(row);
    }

    [[nodiscard]] std::optional<MigrationState> state() const { return table_.state(); }

private:
    MigrationTable table_;
};

} // namespace

std::vector<SequenceState> read_sequences(Session& session, const RelationFilter& wanted) {
    std::vector<SequenceState> sequences;
    for (const Session::Row& row :
         session.query(fmt::format("select n.nspname, c.relname {} and c.relkind = 'S' order by "
                                   "1, 2",
                                   k_users_relations))) {
        if (wanted({row[0], row[1]})) {
            sequences.push_back({.schema = row[0], .name = row[1], .value = {}, .is_called = {}});
        }
    }
    std::vector<Session::Row> values;
    in_batches(sequences, [&](std::span<const SequenceState> some) {
        std::vector<std::string> questions;
        for (std::size_t i = 0; i < some.size(); ++i) {
            questions.push_back(fmt::format("select {}, last_value, is_called from {}", i,
                                            quoted({some[i].schema, some[i].name})));
        }
        auto rows =
            session.query(fmt::format("{} order by 1", fmt::join(questions, " union all ")));
        std::ranges::move(rows, std::back_inserter(values));
    });
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        sequences[i].value = values.at(i).at(1);
        sequences[i].is_called = values[i].at(2) == "t" ? "true" : "false";
    }
    return sequences;
}

std::vector<MigrationState> read_migrations(Session& session,
                                            const std::vector<LiveTable>& tables) {
    std::vector<MigrationState> migrations;
    for (const LiveTable& table : tables) {
        const auto columns = copied_columns(table.state);
        auto recognized = MigrationTable::recognize(table.state.table, columns);
        if (!recognized) {
            continue;
        }
        MigrationReader reader{std::move(*recognized)};
        (void)session.read_rows(copy_statement(table, columns), reader);
        if (auto read = reader.state()) {
            migrations.push_back(std::move(*read));
        }
    }
    return migrations;
}

} // namespace dbbackup::pg
