#include "pg/inventory/created_object.hpp"
#include "pg/inventory/set_sequence.hpp"
#include "pg/inventory/table_subject.hpp"
#include "pg/replay/creation_place.hpp"
#include "pg/replay/replay_filter.hpp"
#include "pg/scan/complete_dump.hpp"
#include "pg/sql/client_encoding.hpp"
#include "pg/sql/script_listener.hpp"
#include "pg/sql/statement_facts.hpp"
#include "pg/sql/statement_text.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/dump_replayer.hpp>

#include <fmt/format.h>
#include <optional>
#include <set>
#include <utility>

namespace dbbackup::pg {

namespace {

constexpr std::string_view k_standard_strings = "standard_conforming_strings";
/// Of pg_class as c: schema $1 and name $2. A join would look at every relation of that name, which
/// takes long if each of thousands of schemas has one.
constexpr std::string_view k_named_relation =
    "c.relname = $2 and c.relnamespace = "
    "(select n.oid from pg_catalog.pg_namespace n where n.nspname = $1)";

ServerError refusal(const ServerError& error, const std::string& what) {
    return {error.sqlstate(), error.server_message(), "the server refused " + what};
}

} // namespace

struct DumpReplayer::State : ScriptListener {
    State(Session& to, ReplayOptions options)
        : session(to), filter(to, std::move(options)), place(to) {}

    [[nodiscard]] std::size_t longest_statement() const noexcept override {
        return k_longest_statement;
    }

    void on_statement(const ScriptStatement& statement) override;
    void on_rows(base::Bytes rows) override;
    void on_rows_end(std::uint64_t rows) override;
    void on_comment(std::string_view text) override;

    void run(const ScriptStatement& statement);
    void run_last_statements();
    void remember_created(const ScriptStatement& statement);
    void make_setval_undoable(const ScriptStatement& statement);
    void require_no_triggers(const QualifiedName& table);
    void require_table_of_ours(const ScriptStatement& statement);
    void require_same_reading();
    std::string copy_statement(const ScriptStatement& statement) const;

    Session& session;
    ReplayFilter filter;
    CreationPlace place;
    DumpScanner scanner{*this};
    std::vector<std::string> last_statements;
    std::set<QualifiedName> new_relations; ///< tables and sequences
    std::optional<QualifiedName> filled;   ///< the table that the last statement put rows into
    bool standard_strings = true;
    bool skips_rows = false;
    // For people: the statement that runs, and the COPY whose rows pass.
    std::string current;
    std::string rows_of;
};

void DumpReplayer::State::on_comment(std::string_view text) {
    filter.take_comment(text);
}

void DumpReplayer::State::on_statement(const ScriptStatement& statement) {
    require_whole(statement);
    if (const auto standard = find_standard_strings(statement.head)) {
        standard_strings = *standard;
    }
    skips_rows = filter.leaves_out(statement);
    if (skips_rows) {
        return;
    }
    if (filter.comes_last(statement)) {
        last_statements.emplace_back(statement.sql);
    } else {
        run(statement);
    }
}

void DumpReplayer::State::run(const ScriptStatement& statement) {
    current = fmt::format("the statement at byte {} of the dump's SQL, '{}'",
                          base::with_thousands(statement.offset),
                          base::mark_outside(shown_beginning(statement.sql)));
    try {
        place.require_own(statement);
        require_table_of_ours(statement);
        if (const auto copied = find_copied_table(statement.head)) {
            require_no_triggers(statement.qualified(*copied));
            rows_of =
                fmt::format("the rows of '{}'", base::mark_outside(shown_beginning(statement.sql)));
            session.begin_rows(copy_statement(statement));
            return;
        }
        make_setval_undoable(statement);
        session.execute(std::string{statement.sql});
    } catch (const ServerError& error) {
        throw refusal(error, current);
    }
    require_same_reading();
    remember_created(statement);
}

void DumpReplayer::State::run_last_statements() {
    for (const std::string& sql : last_statements) {
        current = fmt::format("'{}', which was kept for the end",
                              base::mark_outside(shown_beginning(sql)));
        try {
            session.execute(sql);
        } catch (const ServerError& error) {
            throw refusal(error, current);
        }
        require_same_reading();
    }
}

void DumpReplayer::State::remember_created(const ScriptStatement& statement) {
    if (const auto table = find_created_table(statement.head)) {
        new_relations.insert(statement.qualified(*table));
    } else if (const auto object = find_created_object(statement);
               object && object->kind == "sequence") {
        new_relations.insert({object->schema, object->name});
    } else if (const auto part = find_table_part(statement);
               part && part->kind == "sequence" &&
               new_relations.contains({part->table_schema, part->table})) {
        new_relations.insert({part->schema, part->name});
    }
}

/// No rollback undoes a setval, but of a sequence that gets a new file first.
void DumpReplayer::State::make_setval_undoable(const ScriptStatement& statement) {
    const auto sequence = find_set_sequence(statement);
    if (!sequence || new_relations.contains(*sequence)) {
        return;
    }
    for (const auto& row : session.query(
             fmt::format(
                 "select pg_catalog.format('alter sequence %I.%I restart', $1::pg_catalog.name, "
                 "c.relname) from pg_catalog.pg_class c where {} and c.relkind = 'S' "
                 "and pg_catalog.pg_has_role(c.relowner, 'usage')",
                 k_named_relation),
             {sequence->schema, sequence->name})) {
        session.execute(row.at(0));
    }
    new_relations.insert(*sequence);
}

/// Rows go into tables: through a view they would reach whatever it shows, the system's own tables
/// included. Asked once for each run of INSERTs: only another kind of statement can change it.
void DumpReplayer::State::require_table_of_ours(const ScriptStatement& statement) {
    const auto inserted = find_inserted_rows(statement.head);
    auto table = inserted ? std::optional{inserted->table} : find_copied_table(statement.head);
    const bool is_qualified = table && !table->schema.empty();
    if (table) {
        table = statement.qualified(std::move(*table));
    }
    const auto before = std::exchange(filled, table); // also by what fills none
    if (!table || table == before) {
        return;
    }
    const auto kinds = session.query(
        fmt::format(
            "select c.relkind in ('r', 'p', 'f') "
            "and $1::pg_catalog.name !~ '^(pg_|information_schema$)' from pg_catalog.pg_class c "
            "where {}",
            k_named_relation),
        {table->schema, table->name});
    // Where there is none of a whole name, the server says so; half a name it may find elsewhere.
    const bool is_table = kinds.empty() ? is_qualified : kinds.front().at(0) == "t";
    if (!is_table) {
        throw base::Error{
            base::ErrorKind::damaged,
            fmt::format(
                "the dump is not safe to run: {} puts rows into something other than a user table",
                current),
            "Use a dump that dbbackup or pg_dump made, unchanged."};
    }
}

/// Triggers of the target's own would change the rows, or others, without anybody being told.
void DumpReplayer::State::require_no_triggers(const QualifiedName& table) {
    if (new_relations.contains(table)) {
        return; // whatever it has is the dump's own
    }
    const auto triggers = session.query(
        fmt::format("select t.tgname from pg_catalog.pg_class c "
                    "join pg_catalog.pg_trigger t on t.tgrelid = c.oid "
                    "where {} and not t.tgisinternal and t.tgenabled <> 'D' "
                    // What an extension brings along fires wherever its rows are restored.
                    "and not exists (select from pg_catalog.pg_depend d "
                    "where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass "
                    "and d.objid = c.oid and d.deptype = 'e') "
                    "order by 1",
                    k_named_relation),
        {table.schema, table.name});
    if (!triggers.empty()) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("table {}.{} has a trigger that would fire on the dump's rows: {}",
                        base::printable(table.schema), base::printable(table.name),
                        base::printable(triggers.front().at(0))),
            "Nothing was changed. Disable it first (ALTER TABLE … DISABLE TRIGGER USER), or take "
            "the dump with: dbbackup dump -a -- --disable-triggers"};
    }
}

/// A statement may have more effects than its words tell, by a function that it calls.
void DumpReplayer::State::require_same_reading() {
    const bool same_strings =
        session.parameter(std::string{k_standard_strings}) == (standard_strings ? "on" : "off");
    if (session.in_transaction() && same_strings &&
        !is_unsafe_encoding(session.parameter("client_encoding"))) {
        return;
    }
    throw base::Error{
        base::ErrorKind::damaged,
        fmt::format("the dump is not safe to run: {} {}", current,
                    session.in_transaction()
                        ? "changes how the server reads the SQL that follows, without saying so"
                        : "ends the transaction"),
        "Use a dump that dbbackup or pg_dump made, unchanged."};
}

/// Rows of a table that this very transaction made need no later freezing, and are seen as visible
/// to all from the start; building indexes and ANALYZE gain by it too.
std::string DumpReplayer::State::copy_statement(const ScriptStatement& statement) const {
    std::string sql{statement.sql};
    const auto table = find_copied_table(statement.head);
    if (table && new_relations.contains(statement.qualified(*table)) && sql.ends_with(" stdin;")) {
        sql.insert(sql.size() - 1, " WITH (FREEZE)");
    }
    return sql;
}

void DumpReplayer::State::on_rows(base::Bytes rows) {
    if (skips_rows) {
        return;
    }
    try {
        session.send_rows(rows);
    } catch (const ServerError& error) {
        throw refusal(error, rows_of);
    }
}

void DumpReplayer::State::on_rows_end(std::uint64_t rows) {
    if (skips_rows) {
        return;
    }
    std::uint64_t taken = 0;
    try {
        taken = session.end_rows();
    } catch (const ServerError& error) {
        throw refusal(error, rows_of);
    }
    if (taken != rows) {
        throw RowsLost{base::ErrorKind::failed,
                       fmt::format("of {} ({}), the server accepted {}", rows_of,
                                   base::with_thousands(rows), base::with_thousands(taken)),
                       "Check for triggers and rules on that table in the target."};
    }
    require_same_reading(); // a trigger can do what a statement can
}

DumpReplayer::DumpReplayer(Session& session, ReplayOptions options)
    : state_(std::make_unique<State>(session, std::move(options))) {
    session.execute("set standard_conforming_strings = on"); // what the scanner begins with
}

DumpReplayer::~DumpReplayer() = default;

void DumpReplayer::observe(base::Bytes bytes) {
    state_->scanner.observe(bytes);
}

void DumpReplayer::finish() {
    finish_complete(state_->scanner);
    state_->run_last_statements();
}

const DumpScanner& DumpReplayer::scanner() const noexcept {
    return state_->scanner;
}

std::vector<std::string> DumpReplayer::left_out() const {
    return state_->filter.left_out();
}

} // namespace dbbackup::pg
