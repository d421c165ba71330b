#include "pg/inventory/created_columns.hpp"

#include "pg/sql/statement_facts.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace dbbackup::pg {

namespace {

/// What may follow a column's type in pg_dump's CREATE TABLE.
constexpr std::array<std::string_view, 11> k_after_type{
    "collate", "constraint", "not",    "null",    "default",    "generated",
    "check",   "primary",    "unique", "storage", "compression"};

/// Names of types that format_type() never writes.
constexpr std::array<std::string_view, 24> k_aliases{
    "int",    "int2",   "int4",    "int8",    "float",   "float4",    "float8",      "decimal",
    "dec",    "bool",   "char",    "varchar", "nchar",   "national",  "timestamptz", "timetz",
    "varbit", "serial", "serial2", "serial4", "serial8", "bigserial", "smallserial", "pg_catalog"};

/// For these types format_type() always writes more.
constexpr std::array<std::string_view, 4> k_unfinished{"bit", "character", "time", "timestamp"};

/// Spaces that format_type() never writes.
constexpr std::array<std::string_view, 7> k_strange{"\t", "\r", "\n", "  ", ", ", " [", " ."};

bool is_one_of(const Word& word, std::span<const std::string_view> keywords) {
    return std::ranges::any_of(keywords,
                               [&](std::string_view keyword) { return is_keyword(word, keyword); });
}

bool is_table_constraint(WordSpan words) {
    if (is_keyword(words.front(), "exclude")) { // also a column's name
        return words.size() > 1 && (is_keyword(words[1], "using") || is_symbol(words[1], "("));
    }
    return is_one_of(words.front(),
                     std::array<std::string_view, 6>{"constraint", "check", "primary", "unique",
                                                     "foreign", "not"});
}

std::string unquoted(const Word& word) {
    const auto names = read_names(word.text);
    return names.size() == 1 ? names.front() : "";
}

/// The words of the type at the start of `words`.
WordSpan type_of(WordSpan words) {
    std::size_t end = std::min<std::size_t>(1, words.size());
    while (end < words.size() &&
           (is_symbol(words[end - 1], ".") || !is_one_of(words[end], k_after_type))) {
        ++end;
    }
    return words.first(end);
}

/// False if format_type() may write the same type in another way.
bool is_as_the_server_writes(WordSpan type, std::string_view text) {
    const auto holds = [text](std::string_view part) { return text.find(part) != text.npos; };
    const auto size =
        std::ranges::find_if(type, [](const Word& word) { return is_symbol(word, "("); });
    const bool has_upper_case = std::any_of(type.begin(), size, [](const Word& word) {
        return word.kind == TokenKind::identifier &&
               std::ranges::any_of(word.text, [](char c) { return c >= 'A' && c <= 'Z'; });
    });
    const bool has_sized_array = text.find('[') != text.find("[]");
    const bool names_a_time =
        is_keyword(type.front(), "time") || is_keyword(type.front(), "timestamp");
    return !std::ranges::any_of(k_strange, holds) && !has_upper_case && !has_sized_array &&
           !is_one_of(type.front(), k_aliases) &&
           std::ranges::count(k_unfinished, text.substr(0, text.find('['))) == 0 &&
           !(names_a_time && !holds(" time zone"));
}

std::optional<TableColumn> read_column(WordSpan words, bool types_are_whole) {
    if (words.size() < 2 || !is_name(words.front())) {
        return std::nullopt;
    }
    TableColumn column{.name = unquoted(words.front()), .type = {}};
    const WordSpan type = type_of(words.subspan(1));
    const char* begin = type.front().text.data();
    const std::string_view text{
        begin, static_cast<std::size_t>(type.back().text.data() + type.back().text.size() - begin)};
    if (types_are_whole && is_as_the_server_writes(type, text)) {
        column.type = text;
    }
    return column.name.empty() ? std::nullopt : std::optional{std::move(column)};
}

/// The words between the parentheses of the list of columns, if that has all of them.
std::optional<WordSpan> list_of_columns(WordSpan words) {
    const auto open =
        std::ranges::find_if(words, [](const Word& word) { return is_symbol(word, "("); });
    const WordSpan head{words.begin(), open};
    const WordSpan group{open, words.end()};
    const std::size_t length = first_group(group).size();
    const bool is_partial =
        std::ranges::any_of(head, [](const Word& word) { return is_keyword(word, "of"); }) ||
        WordReader{group.subspan(length)}.take_keyword("inherits");
    return length == 0 || is_partial ? std::nullopt : std::optional{group.subspan(1, length - 2)};
}

} // namespace

std::optional<DumpedColumns> find_created_columns(const ScriptStatement& statement,
                                                  Backslashes backslashes) {
    auto table = find_created_table(statement.head);
    if (!table || !statement.sql_is_whole) {
        return std::nullopt;
    }
    const Words words = split_words(statement.sql, backslashes);
    auto rest = list_of_columns(words);
    if (!rest) {
        return std::nullopt;
    }
    const QualifiedName name = statement.qualified(std::move(*table));
    DumpedColumns found{.schema = name.schema, .name = name.name, .columns = {}};
    while (!rest->empty()) {
        const WordSpan element = first_item(*rest);
        *rest = rest->subspan(std::min(element.size() + 1, rest->size()));
        if (!element.empty() && is_table_constraint(element)) {
            continue;
        }
        // Before 10.3 pg_dump leaves out the schema of a type that is in the table's.
        auto column = read_column(element, statement.search_schema.empty());
        if (!column || is_keyword(element.front(), "like")) {
            return std::nullopt;
        }
        found.columns.push_back(std::move(*column));
    }
    return found;
}

} // namespace dbbackup::pg
