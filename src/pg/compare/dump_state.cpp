#include "pg/compare/migration_table.hpp"
#include "pg/inventory/created_columns.hpp"
#include "pg/inventory/set_sequence.hpp"
#include "pg/sql/read_sql.hpp"
#include "pg/sql/script_listener.hpp"
#include "pg/sql/statement_facts.hpp"

#include <dbbackup/pg/dump_state.hpp>

#include <algorithm>
#include <map>
#include <optional>

namespace dbbackup::pg {

namespace {

/// Much more than the longest name of a migration.
constexpr std::size_t k_longest_migration_row = 1U << 20U;
/// More than the names, types and usual defaults of the most columns that a table can have.
constexpr std::size_t k_longest_statement_kept = 4U << 20U;

/// What the dump says of one table's columns, in its CREATE TABLE and its COPY.
struct TableStatements {
    std::vector<TableColumn> created; ///< empty if not all are known
    std::optional<std::vector<std::string>> copied;
    std::vector<std::string> key;
};

/// The columns that it copies, with the types that it creates, then those that it does not copy.
std::vector<StateColumn> columns_of(const TableStatements& table) {
    std::vector<StateColumn> columns;
    std::vector<TableColumn> created = table.created;
    for (const std::string& name : table.copied.value_or(std::vector<std::string>{})) {
        StateColumn& column = columns.emplace_back();
        column.name = name;
        const auto found = std::ranges::find(created, name, &TableColumn::name);
        if (found != created.end()) {
            column.type = found->type;
            created.erase(found);
        }
    }
    for (TableColumn& column : created) {
        columns.push_back({.name = std::move(column.name),
                           .type = std::move(column.type),
                           .is_generated = table.copied.has_value()});
    }
    return columns;
}

} // namespace

struct DumpStateReader::State : ScriptListener {
    [[nodiscard]] std::size_t longest_statement() const noexcept override {
        return k_longest_statement_kept;
    }

    void on_statement(const ScriptStatement& statement) override;
    void on_rows(base::Bytes rows) override;
    void on_rows_end(std::uint64_t rows) override;

    void on_comment(std::string_view) override {}

    void take_copy(const ScriptStatement& statement, QualifiedName table);
    void take_constraint(const ScriptStatement& statement);

    DumpScanner scanner{*this, DumpScanner::Gate::open};
    DatabaseState database;
    std::map<RelationName, TableStatements> tables;
    Backslashes backslashes = Backslashes::plain;
    std::optional<MigrationTable> migrations; ///< whose rows are being read
    std::string row;                          ///< of it, so far
};

void DumpStateReader::State::on_statement(const ScriptStatement& statement) {
    if (auto copied = find_copied_table(statement.head)) {
        take_copy(statement, statement.qualified(std::move(*copied)));
    } else if (auto set = find_set_value(statement)) {
        database.sequences.push_back({.schema = std::move(set->sequence.schema),
                                      .name = std::move(set->sequence.name),
                                      .value = std::move(set->value),
                                      .is_called = std::move(set->is_called)});
    } else if (auto encoding = find_setting(statement.head, "client_encoding")) {
        database.encoding = std::move(*encoding);
    } else if (const auto standard = find_standard_strings(statement.head)) {
        backslashes = *standard ? Backslashes::plain : Backslashes::escaping;
    } else if (const auto created = find_created_table(statement.head)) {
        const QualifiedName name = statement.qualified(*created);
        TableStatements& table = tables[{name.schema, name.name}];
        if (auto columns = find_created_columns(statement, backslashes)) {
            table.created = std::move(columns->columns);
        }
    } else if (statement.head.is(Verb::alter, "table")) {
        take_constraint(statement);
    }
}

void DumpStateReader::State::take_copy(const ScriptStatement& statement, QualifiedName name) {
    const RelationName table{std::move(name.schema), std::move(name.name)};
    auto columns = read_names(text_in_parentheses(statement.sql));
    migrations = MigrationTable::recognize(table, columns);
    tables[table].copied = std::move(columns);
}

/// ALTER TABLE … ADD CONSTRAINT name PRIMARY KEY (…) or … NOT VALID
void DumpStateReader::State::take_constraint(const ScriptStatement& statement) {
    WordReader reader = statement.head.object();
    auto table = statement.qualified(reader.take_qualified_name());
    if (!table || !reader.take_phrase("add constraint")) {
        return;
    }
    auto name = reader.take_name();
    if (reader.take_phrase("primary key")) {
        tables[{table->schema, table->name}].key = read_names(text_in_parentheses(statement.sql));
    }
    const WordSpan words = statement.head.words();
    if (name && words.size() >= 2 &&
        has_keywords(words.last(2), "not", "valid")) { // pg_dump writes it last
        database.not_validated.push_back({{table->schema, table->name}, std::move(*name)});
    }
}

void DumpStateReader::State::on_rows(base::Bytes rows) {
    if (!migrations) {
        return;
    }
    for (std::string_view text = base::as_text(rows); !text.empty();) {
        const std::size_t end = text.find('\n');
        row += text.substr(0, std::min(end, k_longest_migration_row));
        if (row.size() > k_longest_migration_row) {
            migrations.reset(); // it is no such table after all
            row.clear();
            return;
        }
        if (end == std::string_view::npos) {
            return;
        }
        migrations->take(row);
        row.clear();
        text.remove_prefix(end + 1);
    }
}

void DumpStateReader::State::on_rows_end(std::uint64_t) {
    if (migrations) {
        if (auto read = migrations->state()) {
            database.migrations.push_back(std::move(*read));
        }
        migrations.reset();
        row.clear();
    }
}

DumpStateReader::DumpStateReader() : state_(std::make_unique<State>()) {
}

DumpStateReader::~DumpStateReader() = default;

void DumpStateReader::observe(base::Bytes bytes) {
    state_->scanner.observe(bytes);
}

DumpScanner& DumpStateReader::scanner() noexcept {
    return state_->scanner;
}

DatabaseState DumpStateReader::state() const {
    DatabaseState state = state_->database;
    // In the scanner's order, which is that of the dump.
    for (const ScannedTable& scanned : state_->scanner.contents().tables) {
        const auto found = state_->tables.find({scanned.schema, scanned.name});
        if (found != state_->tables.end()) {
            state.tables.push_back({.table = found->first,
                                    .columns = columns_of(found->second),
                                    .key = found->second.key,
                                    .has_all_columns = !found->second.created.empty(),
                                    .knows_generated = found->second.copied.has_value()});
        }
    }
    std::ranges::sort(state.not_validated);
    return state;
}

} // namespace dbbackup::pg
