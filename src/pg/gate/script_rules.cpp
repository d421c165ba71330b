#include "pg/gate/script_rules.hpp"

#include "pg/sql/sql_chars.hpp"
#include "pg/sql/statement_facts.hpp"

#include <algorithm>

namespace dbbackup::pg {

namespace {

bool begins_with(const Statement& statement, std::initializer_list<std::string_view> phrases) {
    return std::ranges::any_of(phrases, [&statement](std::string_view phrase) {
        return WordReader{statement.words()}.take_phrase(phrase);
    });
}

bool has_keyword(const Statement& statement, std::string_view keyword) {
    return std::ranges::any_of(statement.words(),
                               [keyword](const auto& word) { return is_keyword(word, keyword); });
}

/// What outlives a database, or is another one. A user mapping belongs to the database.
bool is_about_whole_server(const Statement& statement) {
    if (begins_with(statement,
                    {"create user mapping", "alter user mapping", "drop user mapping"})) {
        return false;
    }
    return begins_with(statement,
                       {"create role", "alter role", "drop role", "create user", "alter user",
                        "drop user", "create group", "alter group", "drop group", "create database",
                        "alter database", "drop database", "create tablespace", "alter tablespace",
                        "drop tablespace", "alter system", "reassign owned"});
}

} // namespace

bool is_restriction(std::string_view meta_command) {
    if (meta_command.size() >= k_token_text) {
        return false; // there may be more of it
    }
    if (meta_command.ends_with('\r')) {
        meta_command.remove_suffix(1);
    }
    const std::size_t key = meta_command.find(' ') + 1;
    const std::string_view name = meta_command.substr(0, key);
    if (name != "restrict " && name != "unrestrict ") {
        return false;
    }
    const std::string_view letters = meta_command.substr(key);
    return !letters.empty() && std::ranges::all_of(letters, [](char c) {
        return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
    });
}

std::string find_offence(const Statement& statement) {
    if (find_transaction_mark(statement)) {
        return {};
    }
    if (begins_with(statement,
                    {"begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release",
                     "prepare transaction", "set transaction", "set local transaction",
                     "set session transaction", "set session characteristics"})) {
        return "a statement controls the transaction";
    }
    if (begins_with(statement, {"discard", "reset all"})) {
        return "a statement undoes the session's settings";
    }
    if (is_about_whole_server(statement)) {
        return "a statement changes roles, databases or settings of the whole server";
    }
    if (begins_with(statement, {"load"})) {
        return "a statement loads a file of the server";
    }
    if (begins_with(statement, {"copy"}) && !copies_plainly(statement)) {
        return "a COPY does not just read the rows that follow it";
    }
    return {};
}

std::optional<TransactionMark> find_transaction_mark(const Statement& statement) {
    if (statement.words().size() != 1) {
        return std::nullopt;
    }
    if (is_keyword(statement.words().front(), "begin")) {
        return TransactionMark::begin;
    }
    return is_keyword(statement.words().front(), "commit") ? std::optional{TransactionMark::commit}
                                                           : std::nullopt;
}

bool clears_the_way(const Statement& statement) {
    return statement.verb() == Verb::drop || begins_with(statement, {"create or replace view"}) ||
           find_called_function(statement) == "lo_unlink" ||
           (statement.verb() == Verb::alter && has_keyword(statement, "drop"));
}

bool only_prepares(const Statement& statement) {
    return statement.verb() == Verb::set || statement.verb() == Verb::select;
}

bool sets_owner(const Statement& statement) {
    return (statement.verb() == Verb::alter && has_keywords(statement.words(), "owner", "to")) ||
           begins_with(statement, {"set session authorization", "comment on extension"});
}

bool is_about_database(const Statement& statement) {
    return begins_with(statement, {"comment on database", "security label on database"}) ||
           (begins_with(statement, {"security label for"}) &&
            has_keywords(statement.words(), "on", "database"));
}

bool sets_privileges(const Statement& statement) {
    return statement.verb() == Verb::grant || statement.verb() == Verb::revoke ||
           statement.verb() == Verb::alter_default_privileges;
}

} // namespace dbbackup::pg
