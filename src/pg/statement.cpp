#include "pg/statement.hpp"

#include "pg/sql_chars.hpp"
#include "pg/word_reader.hpp"

#include <algorithm>
#include <array>

namespace dbbackup::pg {

namespace {

using Word = Statement::Word;

bool has_partitions(const Statement& statement) {
    const auto words = statement.words();
    return std::adjacent_find(words.begin(), words.end(), [](const Word& left, const Word& right) {
               return is_keyword(left, "partition") && is_keyword(right, "by");
           }) != words.end();
}

/// The first part of the first `schema.object`. The query of an unqualified view, where a dot
/// follows an alias, is not looked into.
std::optional<std::string> find_first_qualifier(std::span<const Word> words) {
    for (std::size_t at = 0; at + 1 < words.size(); ++at) {
        if (is_keyword(words[at], "select") || is_keyword(words[at], "begin")) {
            return std::nullopt;
        }
        if (is_name(words[at]) && is_symbol(words[at + 1], ".")) {
            return words[at].text;
        }
    }
    return std::nullopt;
}

} // namespace

void Statement::add(const Token& token) {
    if (token.depth > 0 || words_.size() == k_words_kept) {
        return;
    }
    Word& word = words_.emplace_back(Word{token.kind, std::string{token.text}});
    if (word.kind == TokenKind::identifier) {
        std::transform(word.text.begin(), word.text.end(), word.text.begin(), to_lower);
    }
}

std::optional<QualifiedName> find_copied_table(const Statement& statement) {
    WordReader reader{statement};
    if (!reader.take_keyword("copy")) {
        return std::nullopt;
    }
    reader.take_keyword("binary");
    auto table = reader.take_qualified_name();
    if (reader.take_symbol("(") && !reader.take_symbol(")")) {
        return std::nullopt;
    }
    reader.take_keywords({"with", "oids"}); // pg_dump --oids, before 12
    // The server takes STDOUT for STDIN here, so that rows follow either way.
    const bool has_rows = reader.take_keyword("from") &&
                          (reader.take_keyword("stdin") || reader.take_keyword("stdout"));
    return has_rows ? table : std::nullopt;
}

std::optional<QualifiedName> find_created_table(const Statement& statement) {
    WordReader reader{statement};
    if (!reader.take_keyword("create")) {
        return std::nullopt;
    }
    reader.take_keyword("unlogged");
    if (!reader.take_keyword("table") || has_partitions(statement)) {
        return std::nullopt;
    }
    reader.take_keywords({"if", "not", "exists"});
    return reader.take_qualified_name();
}

std::optional<std::string> find_schema_created_in(const Statement& statement) {
    WordReader reader{statement};
    if (!reader.take_keyword("create")) {
        return std::nullopt;
    }
    if (!reader.take_keyword("schema")) {
        return find_first_qualifier(statement.words());
    }
    reader.take_keywords({"if", "not", "exists"});
    reader.take_keyword("authorization"); // without a name of its own it has its owner's
    return reader.take_name();
}

std::optional<std::string> find_setting(const Statement& statement, std::string_view name) {
    WordReader reader{statement};
    if (!reader.take_keyword("set")) {
        return std::nullopt;
    }
    if (!reader.take_keyword("session")) {
        reader.take_keyword("local");
    }
    if (!reader.take_keyword(name) || !(reader.take_symbol("=") || reader.take_keyword("to"))) {
        return std::nullopt;
    }
    const auto value = reader.take_word();
    return value ? std::optional{value->text} : std::nullopt;
}

std::optional<bool> find_standard_strings(const Statement& statement) {
    static constexpr std::array<std::string_view, 5> k_off = {"off", "false", "no", "0", "f"};
    const auto value = find_setting(statement, "standard_conforming_strings");
    return value ? std::optional{std::none_of(
                       k_off.begin(), k_off.end(),
                       [&](std::string_view off) { return equals_folded(*value, off); })}
                 : std::nullopt;
}

bool creates_large_object(const Statement& statement) {
    WordReader reader{statement};
    if (!reader.take_keyword("select")) {
        return false;
    }
    const auto function = reader.take_qualified_name();
    return function && (function->name == "lo_create" || function->name == "lo_from_bytea");
}

bool inserts_rows(const Statement& statement) {
    return WordReader{statement}.take_keywords({"insert", "into"});
}

} // namespace dbbackup::pg
