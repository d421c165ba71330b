#include "pg/created_object.hpp"

#include "pg/sql_chars.hpp"
#include "pg/sql_text.hpp"
#include "pg/word_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace dbbackup::pg {

namespace {

/// How a CREATE statement calls it, from the longest to the shortest of what begins alike.
constexpr std::array k_kinds = std::to_array<std::string_view>({"foreign data wrapper",
                                                                "foreign table",
                                                                "materialized view",
                                                                "operator class",
                                                                "operator family",
                                                                "text search configuration",
                                                                "text search dictionary",
                                                                "text search parser",
                                                                "text search template",
                                                                "event trigger",
                                                                "access method",
                                                                "aggregate",
                                                                "cast",
                                                                "collation",
                                                                "conversion",
                                                                "domain",
                                                                "function",
                                                                "index",
                                                                "language",
                                                                "operator",
                                                                "procedure",
                                                                "publication",
                                                                "sequence",
                                                                "server",
                                                                "statistics",
                                                                "subscription",
                                                                "table",
                                                                "transform",
                                                                "type",
                                                                "view"});

/// Those outside schemas.
constexpr std::array k_database_wide = std::to_array<std::string_view>(
    {"foreign data wrapper", "event trigger", "access method", "cast", "language", "publication",
     "server", "subscription", "transform"});

bool take_words(WordReader& reader, std::string_view words) {
    WordReader ahead = reader;
    while (!words.empty()) {
        const std::size_t space = std::min(words.find(' '), words.size());
        if (!ahead.take_keyword(words.substr(0, space))) {
            return false;
        }
        words.remove_prefix(std::min(space + 1, words.size()));
    }
    reader = ahead;
    return true;
}

std::string take_kind(WordReader& reader) {
    static constexpr std::array k_adjectives =
        std::to_array<std::string_view>({"or", "replace", "unlogged", "recursive", "unique",
                                         "trusted", "procedural", "default", "global", "local"});
    for (bool more = true; more;) {
        more = std::ranges::any_of(k_adjectives, [&reader](std::string_view adjective) {
            return reader.take_keyword(adjective);
        });
    }
    for (const std::string_view kind : k_kinds) {
        if (take_words(reader, kind)) {
            return std::string{kind};
        }
    }
    return {};
}

/// `[schema.]===`: symbols come one byte at a time.
QualifiedName take_operator(WordReader& reader) {
    QualifiedName found;
    if (auto schema = reader.take_name(); schema && reader.take_symbol(".")) {
        found.schema = std::move(*schema);
    }
    for (auto word = reader.take_word(); word && !is_symbol(*word, "(");
         word = reader.take_word()) {
        found.name += word->text;
    }
    return found;
}

/// An index stands in the schema of its table.
QualifiedName take_index(WordReader& reader) {
    QualifiedName index;
    if (auto name = reader.take_name()) {
        index.name = std::move(*name);
        reader.skip_past("on");
        reader.take_keyword("only");
        index.schema = reader.take_qualified_name().value_or(QualifiedName{}).schema;
    }
    return index;
}

/// The text between the first parentheses.
std::string in_parentheses(std::string_view sql) {
    const std::size_t open = sql.find('(');
    if (open == std::string_view::npos) {
        return {};
    }
    std::size_t at = open + 1;
    for (unsigned depth = 1; at < sql.size(); ++at) {
        depth += sql[at] == '(' ? 1U : 0U;
        depth -= sql[at] == ')' ? 1U : 0U;
        if (depth == 0) {
            break;
        }
    }
    return std::string{sql.substr(open + 1, at - open - 1)};
}

std::string transform_name(std::string_view sql) {
    const std::size_t start = sql.find("FOR ");
    const std::size_t end = sql.find(" (", start);
    return start == std::string_view::npos ? std::string{}
                                           : std::string{sql.substr(start, end - start)};
}

void add_name(std::vector<std::string>& roles, WordReader& reader) {
    const auto words = reader.rest();
    const bool special =
        !words.empty() && words.front().kind == TokenKind::identifier &&
        (words.front().text == "public" || words.front().text == "current_user" ||
         words.front().text == "session_user" || words.front().text == "current_role");
    if (auto name = reader.take_name(); name && !special) {
        roles.push_back(std::move(*name));
    }
}

void add_names(std::vector<std::string>& roles, WordReader& reader) {
    do {
        reader.take_keyword("group");
        add_name(roles, reader);
    } while (reader.take_symbol(","));
}

} // namespace

std::optional<DumpObject> find_created_object(const ScriptStatement& statement) {
    WordReader reader{statement.head};
    if (!reader.take_keyword("create")) {
        return std::nullopt;
    }
    DumpObject object{.kind = take_kind(reader), .schema = {}, .name = {}};
    reader.take_keywords({"if", "not", "exists"});
    QualifiedName name;
    if (object.kind.empty()) {
        return std::nullopt;
    }
    if (object.kind == "cast") {
        name.name = normalized_types(in_parentheses(statement.sql));
    } else if (object.kind == "transform") {
        name.name = normalized_types(transform_name(statement.sql));
    } else if (object.kind == "operator") {
        name = take_operator(reader);
    } else if (object.kind == "index") {
        name = take_index(reader);
    } else {
        name = reader.take_qualified_name().value_or(QualifiedName{});
    }
    object.schema = std::move(name.schema);
    object.name = std::move(name.name);
    return object.name.empty() ? std::nullopt : std::optional{std::move(object)};
}

bool lives_in_schema(const DumpObject& object) {
    return std::ranges::find(k_database_wide, object.kind) == k_database_wide.end();
}

std::optional<std::string> find_created_schema(const Statement& statement) {
    WordReader reader{statement};
    if (!reader.take_keywords({"create", "schema"})) {
        return std::nullopt;
    }
    reader.take_keywords({"if", "not", "exists"});
    reader.take_keyword("authorization"); // without a name of its own it has its owner's
    return reader.take_name();
}

std::optional<DumpedExtension> find_created_extension(const Statement& statement) {
    WordReader reader{statement};
    if (!reader.take_keywords({"create", "extension"})) {
        return std::nullopt;
    }
    reader.take_keywords({"if", "not", "exists"});
    DumpedExtension extension{.name = reader.take_name().value_or(""), .schema = {}};
    if (reader.skip_past("schema")) {
        extension.schema = reader.take_name().value_or("");
    }
    return extension;
}

std::optional<std::uint32_t> find_created_large_object(const ScriptStatement& statement) {
    if (!creates_large_object(statement.head)) {
        return std::nullopt;
    }
    const std::string arguments = in_parentheses(statement.sql);
    const std::size_t start = arguments.find_first_of("0123456789");
    std::uint32_t oid = 0;
    if (start != std::string::npos) {
        std::from_chars(arguments.data() + start, arguments.data() + arguments.size(), oid);
    }
    return oid == 0 ? std::nullopt : std::optional{oid};
}

std::vector<std::string> find_roles(const Statement& statement) {
    std::vector<std::string> roles;
    WordReader reader{statement};
    if (reader.take_keyword("alter")) {
        if (reader.take_keywords({"default", "privileges"})) {
            if (reader.take_keyword("for") &&
                (reader.take_keyword("role") || reader.take_keyword("user"))) {
                add_names(roles, reader);
            }
            if (reader.skip_past("to")) {
                add_names(roles, reader);
            }
        } else if (reader.skip_past("owner") && reader.take_keyword("to")) {
            add_name(roles, reader);
        }
    } else if (reader.take_keyword("grant")) {
        if (reader.skip_past("to")) {
            add_names(roles, reader);
        }
    } else if (reader.take_keyword("revoke")) {
        if (reader.skip_past("from")) {
            add_names(roles, reader);
        }
    } else if (reader.take_keywords({"create", "policy"}) && reader.skip_past("to")) {
        add_names(roles, reader);
    }
    return roles;
}

} // namespace dbbackup::pg
