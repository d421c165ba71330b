#include "pg/sql/statement_facts.hpp"

#include "pg/sql/sql_chars.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace dbbackup::pg {

namespace {

struct CopiedRows {
    QualifiedName table;
    bool is_plain = false;
};

std::optional<CopiedRows> find_copied_rows(const Statement& statement) {
    if (statement.verb() != Verb::copy) {
        return std::nullopt;
    }
    WordReader reader = statement.object();
    const bool binary = reader.take_keyword("binary");
    const auto table = reader.take_qualified_name();
    if (!table || (reader.take_symbol("(") && !reader.take_symbol(")"))) {
        return std::nullopt;
    }
    reader.take_phrase("with oids"); // pg_dump --oids, before 12
    if (!reader.take_keyword("from")) {
        return std::nullopt;
    }
    const bool from_stdin = reader.take_keyword("stdin");
    // The server accepts STDOUT for STDIN here, so rows follow either way.
    if (!from_stdin && !reader.take_keyword("stdout")) {
        return std::nullopt;
    }
    return CopiedRows{*table, from_stdin && !binary && reader.at_end()};
}

} // namespace

std::optional<QualifiedName> find_copied_table(const Statement& statement) {
    const auto copied = find_copied_rows(statement);
    return copied ? std::optional{copied->table} : std::nullopt;
}

bool copies_plainly(const Statement& statement) {
    const auto copied = find_copied_rows(statement);
    return copied && copied->is_plain;
}

std::optional<QualifiedName> find_created_table(const Statement& statement) {
    const bool has_rows =
        statement.is(Verb::create, "table") && !has_keywords(statement.words(), "partition", "by");
    return has_rows ? statement.object().take_qualified_name() : std::nullopt;
}

std::optional<std::string> find_created_schema(const Statement& statement) {
    if (!statement.is(Verb::create, "schema")) {
        return std::nullopt;
    }
    WordReader reader = statement.object();
    reader.take_keyword("authorization"); // without its own name it has its owner's
    return reader.take_name();
}

std::optional<Assignment> find_assignment(const Statement& statement) {
    const bool resets = statement.verb() == Verb::reset;
    if (!resets && statement.verb() != Verb::set) {
        return std::nullopt;
    }
    WordReader reader = statement.object();
    if (!resets && !reader.take_keyword("session")) {
        reader.take_keyword("local");
    }
    const auto name = reader.take_name();
    if (!name ||
        !(resets ? reader.at_end() : reader.take_symbol("=") || reader.take_keyword("to"))) {
        return std::nullopt;
    }
    Assignment assignment{.parameter = {}, .value = {}};
    std::ranges::transform(*name, std::back_inserter(assignment.parameter), to_lower);
    if (const auto value = reader.take_word()) {
        assignment.value = value->text;
    }
    return assignment;
}

std::optional<std::string> find_setting(const Statement& statement, std::string_view name) {
    const auto assignment = find_assignment(statement);
    return assignment && assignment->parameter == name ? assignment->value : std::nullopt;
}

std::optional<bool> find_standard_strings(const Statement& statement) {
    static constexpr std::array<std::string_view, 5> k_off = {"off", "false", "no", "0", "f"};
    const auto value = find_setting(statement, "standard_conforming_strings");
    return value ? std::optional{std::none_of(
                       k_off.begin(), k_off.end(),
                       [&](std::string_view off) { return equals_folded(*value, off); })}
                 : std::nullopt;
}

std::string find_called_function(const Statement& statement) {
    WordReader reader = statement.object();
    const auto function =
        statement.verb() == Verb::select ? reader.take_qualified_name() : std::nullopt;
    return function && reader.take_symbol("(") ? function->name : "";
}

bool creates_large_object(const Statement& statement) {
    const std::string function = find_called_function(statement);
    return function == "lo_create" || function == "lo_from_bytea";
}

std::string find_statistics_function(const Statement& statement) {
    WordReader reader = statement.object();
    if (statement.verb() != Verb::select || !reader.take_symbol("*") ||
        !reader.take_keyword("from")) {
        return "";
    }
    const auto function = reader.take_qualified_name();
    const bool is_one = function && reader.take_symbol("(") && function->schema == "pg_catalog" &&
                        function->name.starts_with("pg_restore_") &&
                        function->name.ends_with("_stats");
    return is_one ? function->name : "";
}

bool is_setting(const Statement& statement) {
    return statement.verb() == Verb::set || statement.verb() == Verb::reset ||
           find_called_function(statement) == "set_config";
}

std::optional<InsertStatement> find_inserted_rows(const Statement& statement) {
    if (statement.verb() != Verb::insert) {
        return std::nullopt;
    }
    WordReader reader = statement.object();
    const auto table = reader.take_qualified_name();
    if (!table) {
        return std::nullopt;
    }
    // pg_dump --rows-per-insert writes VALUES (…), (…): more of them than words are kept.
    const std::size_t behind_table = reader.rest().size();
    reader.skip_past("values");
    const auto words =
        statement.words().last(behind_table).first(behind_table - reader.rest().size());
    const auto before_values = static_cast<std::uint64_t>(
        std::ranges::count_if(words, [](const auto& word) { return is_symbol(word, "("); }));
    return InsertStatement{*table, std::max<std::uint64_t>(1, statement.groups() - before_values)};
}

} // namespace dbbackup::pg
