#include "pg/script_rules.hpp"

#include "pg/sql_chars.hpp"
#include "pg/word_reader.hpp"

#include <algorithm>
#include <array>

namespace dbbackup::pg {

namespace {

bool begins_with_any(const Statement& statement, std::initializer_list<std::string_view> keywords) {
    return std::ranges::any_of(keywords, [&statement](std::string_view keyword) {
        return WordReader{statement}.take_keyword(keyword);
    });
}

/// COPY … FROM stdin and nothing more: another format would have another end of data, and a
/// condition would drop rows.
bool copies_plainly(const Statement& statement) {
    if (!find_copied_table(statement) || statement.words().size() == Statement::k_words_kept) {
        return false;
    }
    const auto& last = statement.words().back();
    return is_keyword(last, "stdin") && !WordReader{statement}.take_keywords({"copy", "binary"});
}

bool has_keywords(const Statement& statement, std::string_view first, std::string_view second) {
    const auto words = statement.words();
    return std::adjacent_find(words.begin(), words.end(), [&](const auto& left, const auto& right) {
               return is_keyword(left, first) && is_keyword(right, second);
           }) != words.end();
}

bool has_keyword(const Statement& statement, std::string_view keyword) {
    return std::ranges::any_of(statement.words(),
                               [keyword](const auto& word) { return is_keyword(word, keyword); });
}

} // namespace

bool is_restriction(std::string_view meta_command) {
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
    if (begins_with_any(statement, {"begin", "start", "commit", "end", "rollback", "abort",
                                    "savepoint", "release"}) ||
        WordReader{statement}.take_keywords({"prepare", "transaction"})) {
        return "a statement controls transactions by itself";
    }
    if (begins_with_any(statement, {"copy"}) && !copies_plainly(statement)) {
        return "a COPY does not simply read the rows that follow it";
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

std::optional<std::string> find_set_parameter(const Statement& statement) {
    WordReader reader{statement};
    if (!reader.take_keyword("set")) {
        return std::nullopt;
    }
    if (!reader.take_keyword("session")) {
        reader.take_keyword("local");
    }
    const auto name = reader.take_name();
    const bool assigns = reader.take_symbol("=") || reader.take_keyword("to");
    return assigns ? name : std::nullopt;
}

bool clears_the_way(const Statement& statement) {
    if (begins_with_any(statement, {"drop"}) ||
        WordReader{statement}.take_keywords({"create", "or", "replace", "view"})) {
        return true;
    }
    WordReader select{statement};
    if (select.take_keyword("select")) {
        const auto function = select.take_qualified_name();
        return function && function->name == "lo_unlink";
    }
    return begins_with_any(statement, {"alter"}) && has_keyword(statement, "drop");
}

bool creates_public_schema(const Statement& statement) {
    WordReader reader{statement};
    return reader.take_keywords({"create", "schema"}) && reader.take_name() == "public" &&
           reader.at_end();
}

bool sets_owner(const Statement& statement) {
    return (begins_with_any(statement, {"alter"}) && has_keywords(statement, "owner", "to")) ||
           WordReader{statement}.take_keywords({"set", "session", "authorization"}) ||
           WordReader{statement}.take_keywords({"comment", "on", "extension"});
}

bool sets_privileges(const Statement& statement) {
    return begins_with_any(statement, {"grant", "revoke"}) ||
           WordReader{statement}.take_keywords({"alter", "default", "privileges"});
}

} // namespace dbbackup::pg
