#include "pg/statement.hpp"

#include "pg/sql_chars.hpp"

#include <algorithm>
#include <array>

namespace dbbackup::pg {

namespace {

using Word = Statement::Word;

bool is_keyword(const Word& word, std::string_view keyword) {
    return word.kind == TokenKind::identifier && word.text == keyword;
}

bool is_symbol(const Word& word, std::string_view symbol) {
    return word.kind == TokenKind::symbol && word.text == symbol;
}

bool is_name(const Word& word) {
    return word.kind == TokenKind::identifier || word.kind == TokenKind::quoted_identifier;
}

/// Reads a statement's words from the left. What does not fit stays unread.
class WordReader {
public:
    explicit WordReader(const Statement& statement) : words_(statement.words()) {}

    bool take_keyword(std::string_view keyword) {
        return take_if([keyword](const Word& word) { return is_keyword(word, keyword); });
    }

    bool take_keywords(std::initializer_list<std::string_view> keywords) {
        return std::all_of(keywords.begin(), keywords.end(),
                           [this](std::string_view keyword) { return take_keyword(keyword); });
    }

    bool take_symbol(std::string_view symbol) {
        return take_if([symbol](const Word& word) { return is_symbol(word, symbol); });
    }

    std::optional<Word> take_word() {
        if (words_.empty()) {
            return std::nullopt;
        }
        Word word = words_.front();
        words_ = words_.subspan(1);
        return word;
    }

    std::optional<std::string> take_name() {
        return !words_.empty() && is_name(words_.front()) ? std::optional{take_word()->text}
                                                          : std::nullopt;
    }

    /// `[[database.]schema.]name`
    std::optional<QualifiedName> take_qualified_name() {
        std::optional<std::string> name = take_name();
        std::string schema;
        while (name && take_symbol(".")) {
            schema = std::move(*name);
            name = take_name();
        }
        return name ? std::optional{QualifiedName{std::move(schema), std::move(*name)}}
                    : std::nullopt;
    }

private:
    template <typename Condition>
    bool take_if(Condition condition) {
        if (words_.empty() || !condition(words_.front())) {
            return false;
        }
        words_ = words_.subspan(1);
        return true;
    }

    std::span<const Word> words_;
};

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
