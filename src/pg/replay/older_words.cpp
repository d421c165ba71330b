#include "pg/replay/older_words.hpp"

#include "pg/sql/word_reader.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>
#include <utility>

namespace dbbackup::pg {

namespace {

std::string_view text_of(WordSpan words) {
    const char* const begin = words.front().text.data();
    const std::string_view last = words.back().text;
    return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
}

/// [CONSTRAINT name] NOT NULL column: the column.
std::optional<std::string_view> find_not_null_column(WordSpan item) {
    WordReader reader{item};
    if (reader.take_keyword("constraint")) {
        reader.take_word();
    }
    if (!reader.take_phrase("not null")) {
        return std::nullopt;
    }
    const auto column = reader.take_word();
    return column && is_name(*column) && reader.at_end() ? std::optional{column->text}
                                                         : std::nullopt;
}

std::optional<OlderWords> without_not_null_items(const ScriptStatement& statement,
                                                 Backslashes backslashes) {
    const Words words = split_words(statement.sql, backslashes);
    const auto is_keyword_table = [](const Word& word) { return is_keyword(word, "table"); };
    const auto is_open = [](const Word& word) { return is_symbol(word, "("); };
    const auto table = std::ranges::find_if(words, is_keyword_table);
    const auto open = std::find_if(table, words.end(), is_open);
    const WordSpan group = first_group(WordSpan{open, words.end()});
    if (group.size() < 3 || table + 1 >= open) {
        return std::nullopt;
    }
    const std::string_view name = text_of(WordSpan{table + 1, open});
    WordSpan list = group.subspan(1, group.size() - 2);
    std::vector<std::string_view> kept;
    OlderWords older;
    for (bool more = true; more;) {
        const WordSpan item = first_item(list);
        if (const auto column = find_not_null_column(item)) {
            older.then.push_back(
                fmt::format("ALTER TABLE ONLY {} ALTER COLUMN {} SET NOT NULL", name, *column));
        } else if (!item.empty()) {
            kept.push_back(text_of(item));
        }
        more = item.size() < list.size();
        list = list.subspan(item.size() + (more ? 1 : 0));
    }
    if (older.then.empty()) {
        return std::nullopt;
    }
    const std::string_view sql = statement.sql;
    const auto begin = static_cast<std::size_t>(group.front().text.data() - sql.data());
    const auto end = static_cast<std::size_t>(group.back().text.data() - sql.data());
    older.first =
        fmt::format("{}({}{}", sql.substr(0, begin), fmt::join(kept, ", "), sql.substr(end));
    return older;
}

/// A parameter of a subscription with the value that older servers always have.
struct LaterParameter {
    std::string_view name;
    std::string_view value;
    int since; ///< major version
};

constexpr auto k_later_parameters = std::to_array<LaterParameter>({
    {"streaming", "off", 14},
    {"run_as_owner", "true", 16},
});

bool is_later_parameter(WordSpan words, int server_major) {
    return std::ranges::any_of(k_later_parameters, [&](const LaterParameter& parameter) {
        return server_major < parameter.since && is_symbol(words[0], ",") &&
               is_keyword(words[1], parameter.name) && is_symbol(words[2], "=") &&
               is_keyword(words[3], parameter.value);
    });
}

/// WITH (connect = false, …, run_as_owner = true)
std::optional<OlderWords> without_later_parameters(const ScriptStatement& statement,
                                                   Backslashes backslashes, int server_major) {
    const Words words = split_words(statement.sql, backslashes);
    constexpr std::size_t k_length = 4; // a comma, the name, = and the value
    std::string sql;
    std::size_t taken = 0;
    for (std::size_t at = 0; at + k_length <= words.size(); ++at) {
        const WordSpan found = WordSpan{words}.subspan(at, k_length);
        if (is_later_parameter(found, server_major)) {
            const std::string_view left_out = text_of(found);
            const auto begin = static_cast<std::size_t>(left_out.data() - statement.sql.data());
            sql += statement.sql.substr(taken, begin - taken);
            taken = begin + left_out.size();
        }
    }
    if (taken == 0) {
        return std::nullopt;
    }
    sql += statement.sql.substr(taken);
    return OlderWords{.first = std::move(sql)};
}

/// … AS IDENTITY (SEQUENCE NAME schema.name LOGGED START WITH …): where LOGGED is.
std::optional<std::size_t> find_logged_sequence(WordSpan words) {
    constexpr std::size_t k_before_name = 4;
    for (std::size_t at = k_before_name; at + 1 < words.size(); ++at) {
        if (!is_keyword(words[at - 4], "identity") || !is_symbol(words[at - 3], "(") ||
            !has_keywords(words.subspan(at - 2, 2), "sequence", "name") || !is_name(words[at])) {
            continue;
        }
        std::size_t next = at + 1;
        if (next + 2 < words.size() && is_symbol(words[next], ".") && is_name(words[next + 1])) {
            next += 2;
        }
        return is_keyword(words[next], "logged") ? std::optional{next} : std::nullopt;
    }
    return std::nullopt;
}

std::optional<OlderWords> without_logged(const ScriptStatement& statement,
                                         Backslashes backslashes) {
    const Words words = split_words(statement.sql, backslashes);
    const auto logged = find_logged_sequence(words);
    if (!logged) {
        return std::nullopt;
    }
    std::string sql{statement.sql};
    const std::string_view word = words[*logged].text;
    sql.erase(static_cast<std::size_t>(word.data() - statement.sql.data()), word.size());
    return OlderWords{.first = std::move(sql)};
}

} // namespace

std::optional<OlderWords> in_older_words(const ScriptStatement& statement, Backslashes backslashes,
                                         int server_major) {
    constexpr int k_not_null_items = 18;
    if (server_major < k_not_null_items && statement.head.is(Verb::create, "table")) {
        return without_not_null_items(statement, backslashes);
    }
    constexpr int k_unlogged_sequences = 15;
    if (server_major < k_unlogged_sequences && statement.head.is(Verb::alter, "table")) {
        return without_logged(statement, backslashes);
    }
    if (statement.head.is(Verb::create, "subscription")) {
        return without_later_parameters(statement, backslashes, server_major);
    }
    return std::nullopt;
}

} // namespace dbbackup::pg
