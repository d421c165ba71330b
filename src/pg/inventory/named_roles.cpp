#include "pg/inventory/named_roles.hpp"

#include "pg/sql/word_reader.hpp"

#include <algorithm>
#include <array>

namespace dbbackup::pg {

namespace {

using Roles = std::vector<std::string>;

/// To the server "public" in quotes is no role either.
bool is_no_role(const Statement::Word& word) {
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

void add_names_past(Roles& roles, WordReader reader, std::string_view keyword) {
    if (reader.skip_past(keyword)) {
        add_names(roles, reader);
    }
}

Roles roles_of_default_privileges(WordReader reader) {
    Roles roles;
    if (reader.take_keyword("for") &&
        (reader.take_keyword("role") || reader.take_keyword("user"))) {
        add_names(roles, reader);
    }
    add_names_past(roles, reader, "to");
    add_names_past(roles, reader, "from");
    return roles;
}

/// Behind ALTER. A table may be called "owner", but only the clause has TO behind it.
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

/// Behind SET SESSION AUTHORIZATION, where pg_dump writes the name as a string.
Roles session_owner(WordReader reader) {
    const auto word = reader.take_word();
    return word && !is_no_role(*word) ? Roles{word->text} : Roles{};
}

} // namespace

std::vector<std::string> find_roles(const Statement& statement) {
    Roles roles;
    WordReader reader{statement};
    if (reader.take_keyword("alter")) {
        return reader.take_phrase("default privileges") ? roles_of_default_privileges(reader)
                                                        : new_owner(reader);
    }
    if (reader.take_keyword("grant") || reader.take_phrase("create policy")) {
        add_names_past(roles, reader, "to");
    } else if (reader.take_keyword("revoke")) {
        add_names_past(roles, reader, "from");
    } else if (reader.take_phrase("create user mapping")) {
        add_names_past(roles, reader, "for");
    } else if (reader.take_phrase("set session authorization")) {
        return session_owner(reader);
    }
    return roles;
}

} // namespace dbbackup::pg
