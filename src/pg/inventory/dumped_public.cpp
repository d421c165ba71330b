#include "pg/inventory/dumped_public.hpp"

#include "pg/sql/read_sql.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace dbbackup::pg {

namespace {

using Names = std::vector<std::string>;

/// `ALL`, or a list of CREATE and USAGE; empty for anything else.
Names take_privileges(WordReader& reader) {
    Names names;
    do {
        if (reader.take_keyword("all")) {
            reader.take_keyword("privileges");
            names.insert(names.end(), {"CREATE", "USAGE"});
        } else if (reader.take_keyword("create")) {
            names.emplace_back("CREATE");
        } else if (reader.take_keyword("usage")) {
            names.emplace_back("USAGE");
        } else {
            return {};
        }
    } while (reader.take_symbol(","));
    return names;
}

/// Empty names for PUBLIC; an empty list if a role is not named by its own name.
Names take_roles(WordReader& reader) {
    static constexpr auto k_special =
        std::to_array<std::string_view>({"current_user", "session_user", "current_role", "group"});
    Names names;
    do {
        const auto word = reader.take_word();
        if (!word || !is_name(*word) ||
            (word->kind == TokenKind::identifier &&
             std::ranges::find(k_special, word->text) != k_special.end())) {
            return {};
        }
        names.emplace_back(word->text == "public" ? "" : word->text);
    } while (reader.take_symbol(","));
    return names;
}

/// GRANT and REVOKE, after ON SCHEMA public.
bool take_privilege_changes(const Statement& statement, WordReader after, DumpedPublic& set) {
    using Act = PrivilegeChange::Act;
    const bool grants = statement.verb() == Verb::grant;
    WordReader before{statement.words()};
    before.take_word();
    Act act = grants                                   ? Act::grant
              : before.take_phrase("grant option for") ? Act::revoke_option
                                                       : Act::revoke;
    const Names privileges = take_privileges(before);
    if (!before.take_phrase("on schema") || !after.take_keyword(grants ? "to" : "from")) {
        return false;
    }
    const Names roles = take_roles(after);
    if (grants && after.take_phrase("with grant option")) {
        act = Act::grant_with_option;
    }
    if (privileges.empty() || roles.empty() || !after.at_end()) {
        return false;
    }
    for (const std::string& role : roles) {
        for (const std::string& privilege : privileges) {
            set.privileges.push_back({act, {role, privilege}});
        }
    }
    return true;
}

} // namespace

bool take_public(const ScriptStatement& statement, DumpedPublic& set) {
    const Statement& head = statement.head;
    WordReader reader = head.object();
    if (head.kind() != "schema" || reader.take_name() != "public") {
        return false;
    }
    if (head.verb() == Verb::grant || head.verb() == Verb::revoke) {
        return take_privilege_changes(head, reader, set);
    }
    if (head.verb() == Verb::alter && reader.take_phrase("owner to")) {
        Names owner = take_roles(reader);
        if (owner.size() != 1 || owner.front().empty() || !reader.at_end()) {
            return false;
        }
        set.owner = std::move(owner.front());
        return true;
    }
    if (head.verb() == Verb::comment) {
        auto comment = find_comment(statement);
        const bool is_known = comment.has_value();
        if (is_known) {
            set.comment = std::move(comment);
        }
        return is_known;
    }
    return false;
}

std::optional<std::string> find_comment(const ScriptStatement& statement) {
    const Words words = split_words(statement.sql, Backslashes::plain);
    if (!statement.sql_is_whole || words.size() < 2 || !is_keyword(words[words.size() - 2], "is")) {
        return std::nullopt;
    }
    std::string_view text = words.back().text;
    if (is_keyword(words.back(), "null")) {
        return "";
    }
    // With a prefix or a backslash, other rules may apply.
    if (text.size() < 2 || text.front() != '\'' || text.back() != '\'' ||
        text.find('\\') != std::string_view::npos) {
        return std::nullopt;
    }
    text = text.substr(1, text.size() - 2);
    std::string comment;
    for (std::size_t at = 0; at < text.size(); ++at) {
        comment += text[at];
        at += text[at] == '\'' ? 1 : 0; // it is doubled
    }
    return comment;
}

} // namespace dbbackup::pg
