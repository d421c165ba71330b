#include "pg/inventory/named_roles.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace dbbackup::pg {

namespace {

using Roles = std::vector<std::string>;

/// For the server, "public" in quotes is not a role either.
bool is_no_role(const Word& word) {
    static constexpr std::array k_special = std::to_array<std::string_view>(
        {"current_user", "session_user", "current_role", "default", "user"});
    return word.text == "public" || (word.kind == TokenKind::identifier &&
                                     std::ranges::find(k_special, word.text) != k_special.end());
}

void add_name(Roles& roles, WordReader& reader) {
    const auto words = reader.rest();
    const bool special = !words.empty() && is_no_role(words.front());
    if (auto name = reader.take_name(); name && !special) {
        roles.push_back(std::move(*name));
    }
}

void add_names(Roles& roles, WordReader& reader) {
    do {
        reader.take_keyword("group");
        add_name(roles, reader);
    } while (reader.take_symbol(","));
}

Roles names_past(WordReader reader, std::string_view keyword) {
    Roles roles;
    if (reader.skip_past(keyword)) {
        add_names(roles, reader);
    }
    return roles;
}

Roles roles_of_default_privileges(WordReader reader) {
    Roles roles;
    if (reader.take_phrase("for role") || reader.take_phrase("for user")) {
        add_names(roles, reader);
    }
    for (const std::string_view keyword : {"to", "from"}) {
        std::ranges::move(names_past(reader, keyword), std::back_inserter(roles));
    }
    return roles;
}

/// After ALTER. A table may be called "owner", but only the clause has TO after it.
Roles new_owner(WordReader reader) {
    Roles roles;
    while (roles.empty() && reader.skip_past("owner")) {
        if (reader.take_keyword("to")) {
            add_name(roles, reader);
            break;
        }
    }
    return roles;
}

/// SET SESSION AUTHORIZATION: pg_dump writes the name as a string.
Roles session_owner(WordReader reader) {
    const bool is_meant = reader.take_phrase("session authorization");
    const auto word = reader.take_word();
    return is_meant && word && !is_no_role(*word) ? Roles{std::string{word->text}} : Roles{};
}

} // namespace

std::vector<std::string> find_roles(const Statement& statement) {
    const WordReader words{statement.words()};
    switch (statement.verb()) {
    case Verb::alter:
        return new_owner(statement.object());
    case Verb::alter_default_privileges:
        return roles_of_default_privileges(statement.object());
    case Verb::create:
        return statement.kind() == "policy"         ? names_past(statement.object(), "to")
               : statement.kind() == "user mapping" ? names_past(statement.object(), "for")
                                                    : Roles{};
    case Verb::grant:
        return names_past(words, "to");
    case Verb::revoke:
        return names_past(words, "from");
    case Verb::set:
        return session_owner(statement.object());
    default:
        return {};
    }
}

} // namespace dbbackup::pg
