#include "pg/inventory/default_privilege_changes.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::pg {

namespace {

using Act = PrivilegeChange::Act;

struct Things {
    std::string_view name;
    char kind;
};

constexpr Things k_things[] = {{"tables", 'r'}, {"sequences", 'S'}, {"functions", 'f'},
                               {"types", 'T'},  {"schemas", 'n'},   {"large objects", 'L'}};

std::optional<Act> take_act(WordReader& reader) {
    if (reader.take_keyword("grant")) {
        return Act::grant;
    }
    if (reader.take_phrase("revoke grant option for")) {
        return Act::revoke_option;
    }
    return reader.take_keyword("revoke") ? std::optional{Act::revoke} : std::nullopt;
}

/// In capitals, as the server names them. Reads the ON after them.
std::vector<std::string> take_privileges(WordReader& reader) {
    std::vector<std::string> names;
    do {
        const auto word = reader.take_word();
        std::string& name = names.emplace_back(word ? word->text : "");
        std::ranges::transform(name, name.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
    } while (reader.take_symbol(","));
    reader.take_keyword("privileges");
    return reader.take_keyword("on") ? names : std::vector<std::string>{};
}

char take_things(WordReader& reader) {
    for (const Things& things : k_things) {
        if (reader.take_phrase(things.name)) {
            return things.kind;
        }
    }
    return ' ';
}

/// Empty for PUBLIC.
std::optional<std::string> take_role(WordReader& reader, bool grants) {
    if (!reader.take_keyword(grants ? "to" : "from")) {
        return std::nullopt;
    }
    return reader.take_keyword("public") ? std::optional{std::string{}} : reader.take_name();
}

} // namespace

std::vector<DefaultPrivilegeChange> find_default_privilege_changes(const Statement& statement,
                                                                   const DumpedTrait& trait) {
    const std::vector<DefaultPrivilegeChange> not_understood{
        {.trait = trait, .object_kind = ' ', .change = {}}};
    WordReader reader = statement.object();
    if (!reader.take_phrase("for role") || !reader.take_name() ||
        (reader.take_phrase("in schema") && !reader.take_name())) {
        return not_understood;
    }
    auto act = take_act(reader);
    const auto names = act ? take_privileges(reader) : std::vector<std::string>{};
    const char kind = take_things(reader);
    const auto role = take_role(reader, act == Act::grant);
    if (act == Act::grant && reader.take_phrase("with grant option")) {
        act = Act::grant_with_option;
    }
    if (names.empty() || kind == ' ' || !role || !reader.at_end()) {
        return not_understood;
    }
    std::vector<DefaultPrivilegeChange> changes;
    for (const std::string& name : names) {
        changes.push_back({trait, kind, {*act, {*role, name}}});
    }
    return changes;
}

} // namespace dbbackup::pg
