#include "pg/client_encoding.hpp"
#include "pg/script_listener.hpp"
#include "pg/script_rules.hpp"
#include "pg/table_selection.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/dump_replayer.hpp>

#include <fmt/format.h>
#include <map>
#include <set>

namespace dbbackup::pg {

namespace {

/// The server takes no longer message.
constexpr std::size_t k_longest_statement = 1'000'000'000;
constexpr std::size_t k_shown = 80; ///< bytes of a statement that a message repeats

constexpr std::string_view k_standard_strings = "standard_conforming_strings";

/// The beginning of a statement, in one line.
std::string shown(std::string_view sql) {
    const std::string line = base::printable_line(sql.substr(0, k_shown));
    return sql.size() > k_shown ? line + "…" : line;
}

} // namespace

struct DumpReplayer::State : ScriptListener {
    State(Session& to, ReplayOptions wanted)
        : session(to), options(std::move(wanted)), selection(options.tables) {}

    [[nodiscard]] std::size_t longest_statement() const noexcept override {
        return k_longest_statement;
    }

    void on_statement(const ScriptStatement& statement) override;
    void on_rows(base::Bytes rows) override;
    void on_rows_end(std::uint64_t rows) override;
    void on_comment(std::string_view text) override;

    bool leaves_out(const ScriptStatement& statement);
    bool is_ours_to_do(const Statement& statement);
    bool is_unwanted(const ScriptStatement& statement);
    bool knows(const std::string& parameter);
    void run(const ScriptStatement& statement);
    void require_same_reading(const ScriptStatement& statement);
    std::string copy_statement(const ScriptStatement& statement) const;

    Session& session;
    ReplayOptions options;
    TableSelection selection;
    DumpScanner scanner{*this};
    std::map<std::string, bool> known_parameters;
    std::map<std::string, unsigned> left_out;
    std::set<std::pair<std::string, std::string>> new_tables; ///< by schema and name
    bool public_exists = true;
    bool in_prelude = true; ///< nothing has been described by a comment of pg_dump's yet
    bool in_large_objects = false;
    bool standard_strings = true;
    bool skips_rows = false;
    std::string rows_of; ///< the COPY statement whose rows pass, for people
};

void DumpReplayer::State::on_comment(std::string_view text) {
    // Before the first of these, pg_dump --clean drops what it is about to create.
    if (text.starts_with("-- Name: ") || text.starts_with("-- TOC entry ")) {
        in_prelude = false;
    }
}

void DumpReplayer::State::on_statement(const ScriptStatement& statement) {
    if (!statement.sql_is_whole) {
        throw base::Error{base::ErrorKind::damaged,
                          fmt::format("the statement at byte {} of the dump's SQL is longer than "
                                      "any server takes",
                                      base::with_thousands(statement.offset)),
                          "Restore another dump; see them with: dbbackup list"};
    }
    if (const auto standard = find_standard_strings(statement.head)) {
        standard_strings = *standard;
    }
    skips_rows = leaves_out(statement);
    if (!skips_rows) {
        run(statement);
    }
}

bool DumpReplayer::State::leaves_out(const ScriptStatement& statement) {
    return is_ours_to_do(statement.head) || is_unwanted(statement);
}

/// What the restore itself takes care of.
bool DumpReplayer::State::is_ours_to_do(const Statement& statement) {
    if (const auto mark = find_transaction_mark(statement)) {
        const bool begins = *mark == TransactionMark::begin;
        if (begins == in_large_objects) {
            throw base::Error{base::ErrorKind::damaged,
                              "the dump is not safe to run: its BEGIN and COMMIT do not match",
                              "Use a dump that dbbackup or pg_dump made, unchanged."};
        }
        in_large_objects = begins;
        return true;
    }
    if (const auto parameter = find_set_parameter(statement)) {
        if (*parameter == "lock_timeout") {
            return true;
        }
        if (!knows(*parameter)) {
            ++left_out["setting " + base::printable(*parameter) +
                       ", which the server does not know"];
            return true;
        }
    }
    return (in_prelude && clears_the_way(statement)) ||
           (public_exists && creates_public_schema(statement));
}

bool DumpReplayer::State::is_unwanted(const ScriptStatement& statement) {
    if (options.owners == Treatment::leave_out && sets_owner(statement.head)) {
        ++left_out["owners"];
        return true;
    }
    if (options.privileges == Treatment::leave_out && sets_privileges(statement.head)) {
        ++left_out["privileges"];
        return true;
    }
    return !selection.wants(statement);
}

bool DumpReplayer::State::knows(const std::string& parameter) {
    if (parameter.find('.') != std::string::npos || parameter == "role") {
        return true;
    }
    const auto [entry, is_new] = known_parameters.try_emplace(parameter, true);
    if (is_new) {
        const auto rows =
            session.query("select pg_catalog.current_setting($1, true) is not null", {parameter});
        entry->second = rows.at(0).at(0) == "t";
    }
    return entry->second;
}

void DumpReplayer::State::run(const ScriptStatement& statement) {
    const auto copied = find_copied_table(statement.head);
    try {
        if (copied) {
            rows_of = shown(statement.sql);
            session.begin_rows(copy_statement(statement));
            return;
        }
        session.execute(std::string{statement.sql});
    } catch (const ServerError& error) {
        throw ServerError{error.sqlstate(), error.server_message(),
                          fmt::format("the server refused the statement at byte {} of the dump's "
                                      "SQL, '{}'",
                                      base::with_thousands(statement.offset),
                                      shown(statement.sql))};
    }
    require_same_reading(statement);
    if (const auto created = find_created_table(statement.head)) {
        new_tables.insert({created->schema, created->name});
    }
}

/// A statement may have more effects than its words tell, by a function that it calls.
void DumpReplayer::State::require_same_reading(const ScriptStatement& statement) {
    const bool same_strings =
        session.parameter(std::string{k_standard_strings}) == (standard_strings ? "on" : "off");
    if (session.in_transaction() && same_strings &&
        !is_unsafe_encoding(session.parameter("client_encoding"))) {
        return;
    }
    throw base::Error{
        base::ErrorKind::damaged,
        fmt::format("the dump is not safe to run: the statement at byte {} of its SQL, '{}', {}",
                    base::with_thousands(statement.offset), shown(statement.sql),
                    session.in_transaction()
                        ? "changes how the server reads what follows, and does not say so"
                        : "ends the transaction"),
        "Use a dump that dbbackup or pg_dump made, unchanged."};
}

/// Rows of a table that this very transaction made need no later freezing, and are seen as visible
/// to all from the start; building indexes and ANALYZE gain by it too.
std::string DumpReplayer::State::copy_statement(const ScriptStatement& statement) const {
    std::string sql{statement.sql};
    const auto table = find_copied_table(statement.head);
    if (table && new_tables.contains({table->schema, table->name}) && sql.ends_with(" stdin;")) {
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
        throw ServerError{error.sqlstate(), error.server_message(),
                          fmt::format("the server refused the rows of '{}'", rows_of)};
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
        throw ServerError{error.sqlstate(), error.server_message(),
                          fmt::format("the server refused the rows of '{}'", rows_of)};
    }
    if (taken != rows) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("of the {} rows of '{}' the server took {}",
                                      base::with_thousands(rows), rows_of,
                                      base::with_thousands(taken)),
                          "Look for triggers and rules on that table in the target."};
    }
}

DumpReplayer::DumpReplayer(Session& session, ReplayOptions options)
    : state_(std::make_unique<State>(session, std::move(options))) {
    session.execute("set standard_conforming_strings = on"); // what the scanner begins with
    state_->public_exists =
        !session.query("select 1 from pg_catalog.pg_namespace where nspname = 'public'").empty();
}

DumpReplayer::~DumpReplayer() = default;

void DumpReplayer::observe(base::Bytes bytes) {
    state_->scanner.observe(bytes);
}

void DumpReplayer::finish() {
    state_->scanner.finish();
    const std::string defect = state_->in_large_objects ? "it ends among its large objects"
                                                        : state_->scanner.incompleteness();
    if (!defect.empty()) {
        throw base::Error{base::ErrorKind::damaged, "the dump is damaged or incomplete: " + defect,
                          "Restore another dump; see them with: dbbackup list"};
    }
}

const DumpScanner& DumpReplayer::scanner() const noexcept {
    return state_->scanner;
}

std::vector<std::string> DumpReplayer::left_out() const {
    std::vector<std::string> texts;
    for (const auto& [what, count] : state_->left_out) {
        texts.push_back(what.starts_with("setting") ? what : fmt::format("{} {}", count, what));
    }
    return texts;
}

} // namespace dbbackup::pg
