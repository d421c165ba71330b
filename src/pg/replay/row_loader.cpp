#include "pg/sql/script_listener.hpp"
#include "pg/sql/sql_text.hpp"
#include "pg/sql/statement_facts.hpp"

#include <dbbackup/pg/row_loader.hpp>

#include <fmt/format.h>
#include <map>

namespace dbbackup::pg {

namespace {

/// A COPY statement is a name and a list of columns.
constexpr std::size_t k_longest_statement = 1024 * 1024;

std::string temporary_name(std::size_t i) {
    return fmt::format("dbbackup_rows_{}", i);
}

std::string columns_in_parentheses(const CopiedTable& table) {
    return table.column_list.empty() ? "" : fmt::format(" ({})", table.column_list);
}

} // namespace

struct RowLoader::State : ScriptListener {
    State(Session& to, const std::vector<CopiedTable>& wanted) : session(to), tables(wanted) {}

    [[nodiscard]] std::size_t longest_statement() const noexcept override {
        return k_longest_statement;
    }

    void on_statement(const ScriptStatement& statement) override {
        loading = false;
        if (const auto copied = find_copied_table(statement.head)) {
            const auto wanted = places.find(statement.qualified(*copied));
            loading = wanted != places.end();
            if (loading) {
                const CopiedTable& table = tables[wanted->second];
                session.begin_rows(fmt::format("copy pg_temp.{}{} from stdin",
                                               temporary_name(wanted->second),
                                               columns_in_parentheses(table)));
            }
        } else if (find_setting(statement.head, "client_encoding")) {
            session.execute(std::string{statement.sql});
        }
    }

    void on_rows(base::Bytes rows) override {
        if (loading) {
            session.send_rows(rows);
        }
    }

    void on_rows_end(std::uint64_t) override {
        if (loading) {
            (void)session.end_rows();
        }
    }

    void on_comment(std::string_view) override {}

    Session& session;
    std::vector<CopiedTable> tables;
    std::map<QualifiedName, std::size_t> places;
    DumpScanner scanner{*this};
    bool loading = false;
};

RowLoader::RowLoader(Session& session, const std::vector<CopiedTable>& tables)
    : state_(std::make_unique<State>(session, tables)) {
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const CopiedTable& table = tables[i];
        session.execute(fmt::format("create temporary table {} as select {} from only {}.{} "
                                    "with no data",
                                    temporary_name(i),
                                    table.column_list.empty() ? "*" : table.column_list,
                                    quote_identifier(table.schema), quote_identifier(table.name)));
        state_->places[{table.schema, table.name}] = i;
    }
}

RowLoader::~RowLoader() = default;

void RowLoader::observe(base::Bytes bytes) {
    state_->scanner.observe(bytes);
}

const DumpScanner& RowLoader::scanner() const noexcept {
    return state_->scanner;
}

CopiedTable RowLoader::loaded(std::size_t i) const {
    CopiedTable table = state_->tables[i];
    table.schema = "pg_temp";
    table.name = temporary_name(i);
    return table;
}

} // namespace dbbackup::pg
