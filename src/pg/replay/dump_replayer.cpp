#include "pg/replay/creation_place.hpp"
#include "pg/replay/older_words.hpp"
#include "pg/replay/replay_filter.hpp"
#include "pg/replay/replayed_relations.hpp"
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
#include <utility>

namespace dbbackup::pg {

namespace {

constexpr std::string_view k_standard_strings = "standard_conforming_strings";

ServerError refusal(const ServerError& error, const std::string& what) {
    return {error.sqlstate(), error.server_message(), "the server refused " + what};
}

} // namespace

struct DumpReplayer::State : ScriptListener {
    State(Session& to, ReplayOptions options)
        : session(to), server_major(base::leading_number(to.parameter("server_version"))),
          filter(to, std::move(options)), place(to), relations(to) {}

    [[nodiscard]] std::size_t longest_statement() const noexcept override {
        return k_longest_statement;
    }

    void on_statement(const ScriptStatement& statement) override;
    void on_rows(base::Bytes rows) override;
    void on_rows_end(std::uint64_t rows) override;
    void on_comment(std::string_view text) override;

    void run(const ScriptStatement& statement);
    void execute(const ScriptStatement& statement);
    void run_last_statements();
    void require_same_reading();
    std::string copy_statement(const ScriptStatement& statement) const;

    Session& session;
    int server_major;
    ReplayFilter filter;
    CreationPlace place;
    ReplayedRelations relations;
    DumpScanner scanner{*this};
    std::vector<std::string> last_statements;
    bool standard_strings = true;
    bool skips_rows = false;
    // For people: the current statement or COPY.
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
        relations.require_user_table(statement, current);
        if (const auto copied = statement.qualified(find_copied_table(statement.head))) {
            relations.require_no_triggers(*copied);
            rows_of =
                fmt::format("the rows of '{}'", base::mark_outside(shown_beginning(statement.sql)));
            session.begin_rows(copy_statement(statement));
            return;
        }
        relations.make_setval_undoable(statement);
        execute(statement);
    } catch (const ServerError& error) {
        throw refusal(error, current);
    }
    require_same_reading();
    relations.remember_created(statement);
}

/// As this server understands it.
void DumpReplayer::State::execute(const ScriptStatement& statement) {
    const auto older = in_older_words(
        statement, standard_strings ? Backslashes::plain : Backslashes::escaping, server_major);
    session.execute(older ? older->first : std::string{statement.sql});
    if (older) {
        for (const std::string& sql : older->then) {
            session.execute(sql);
        }
    }
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

/// A statement may have more effects than it shows, through a function that it calls.
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

/// Rows of a table that this same transaction made need no later freezing, and are marked visible
/// to all from the start; this also speeds up building indexes and ANALYZE.
std::string DumpReplayer::State::copy_statement(const ScriptStatement& statement) const {
    std::string sql{statement.sql};
    const auto table = statement.qualified(find_copied_table(statement.head));
    if (table && relations.is_new(*table) && sql.ends_with(" stdin;")) {
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
    session.execute("set standard_conforming_strings = on"); // the scanner's initial state
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
