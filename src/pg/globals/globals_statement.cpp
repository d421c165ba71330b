#include "pg/globals/globals_statement.hpp"

#include "pg/sql/read_sql.hpp"
#include "pg/sql/sql_chars.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace dbbackup::pg {

namespace {

/// `text` between two quotes, which are doubled inside; nothing if it is anything else.
std::optional<std::string> unquoted(std::string_view text, char quote, bool has_escapes) {
    if (text.size() < 2 || text.front() != quote || text.back() != quote) {
        return std::nullopt;
    }
    text = text.substr(1, text.size() - 2);
    std::string value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_doubled = text[i] == quote || (has_escapes && text[i] == '\\');
        if (is_doubled && (i + 1 == text.size() || text[i + 1] != text[i])) {
            return std::nullopt; // pg_dumpall writes no other escapes
        }
        value += text[i];
        i += is_doubled ? 1 : 0;
    }
    return value;
}

/// Reads the words of one statement. After the first that does not fit, nothing does.
class GlobalsWords {
public:
    explicit GlobalsWords(std::string_view sql) : words_(split_words(sql, Backslashes::plain)) {}

    /// All of these keywords, or none.
    bool take(std::initializer_list<std::string_view> keywords) {
        const std::size_t start = at_;
        for (const std::string_view keyword : keywords) {
            if (at_ == words_.size() || !is_keyword(words_[at_], keyword)) {
                at_ = start;
                return false;
            }
            ++at_;
        }
        return true;
    }

    bool take_symbol(std::string_view symbol) {
        const bool fits = at_ < words_.size() && is_symbol(words_[at_], symbol);
        at_ += fits ? 1 : 0;
        return fits;
    }

    std::optional<std::string> take_name() {
        if (at_ == words_.size()) {
            return std::nullopt;
        }
        const Word& word = words_[at_];
        std::optional<std::string> name;
        if (word.kind == TokenKind::identifier) {
            name.emplace();
            std::ranges::transform(word.text, std::back_inserter(*name), to_lower);
        } else if (word.kind == TokenKind::quoted_identifier) {
            name = unquoted(word.text, '"', false);
        }
        at_ += name ? 1 : 0;
        return name;
    }

    std::optional<std::string> take_text() {
        if (at_ == words_.size() || words_[at_].kind != TokenKind::string) {
            return std::nullopt;
        }
        const std::string_view text = words_[at_].text;
        const bool has_escapes = text.starts_with('E');
        auto value = unquoted(has_escapes ? text.substr(1) : text, '\'', has_escapes);
        at_ += value ? 1 : 0;
        return value;
    }

    std::optional<std::int64_t> take_number() {
        const bool is_negative = take_symbol("-");
        std::int64_t number = 0;
        if (at_ == words_.size() || words_[at_].kind != TokenKind::number) {
            return std::nullopt;
        }
        const std::string_view text = words_[at_].text;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || end != text.data() + text.size()) {
            return std::nullopt;
        }
        ++at_;
        return is_negative ? -number : number;
    }

    /// Reads up to the next of these keywords, which stays; false if there is none.
    bool skip_to(std::string_view keyword) {
        while (at_ < words_.size() && !is_keyword(words_[at_], keyword)) {
            ++at_;
        }
        return at_ < words_.size();
    }

    [[nodiscard]] bool at_end() const noexcept { return at_ == words_.size(); }

private:
    Words words_;
    std::size_t at_ = 0;
};

struct Attribute {
    std::string_view on;
    std::string_view off;
    bool GlobalRole::*value;
};

constexpr Attribute k_attributes[] = {
    {"superuser", "nosuperuser", &GlobalRole::superuser},
    {"inherit", "noinherit", &GlobalRole::inherit},
    {"createrole", "nocreaterole", &GlobalRole::create_role},
    {"createdb", "nocreatedb", &GlobalRole::create_db},
    {"login", "nologin", &GlobalRole::login},
    {"replication", "noreplication", &GlobalRole::replication},
    {"bypassrls", "nobypassrls", &GlobalRole::bypass_rls},
};

bool take_value(GlobalsWords& words, GlobalRole& role) {
    if (words.take({"connection", "limit"})) {
        role.connection_limit = words.take_number();
        return role.connection_limit.has_value();
    }
    if (words.take({"password"})) {
        role.password_hash = words.take_text();
        return role.password_hash.has_value();
    }
    if (words.take({"valid", "until"})) {
        role.valid_until = words.take_text();
        return role.valid_until.has_value();
    }
    return false;
}

bool take_attribute(GlobalsWords& words, GlobalRole& role) {
    for (const Attribute& attribute : k_attributes) {
        if (words.take({attribute.on})) {
            role.*attribute.value = true;
            return true;
        }
        if (words.take({attribute.off})) {
            role.*attribute.value = false;
            return true;
        }
    }
    return take_value(words, role);
}

/// A plain password would be in a server's log, and pg_dumpall never writes one.
bool is_hash(const std::string& password) {
    constexpr std::size_t k_md5_length = 35;
    return password.starts_with("SCRAM-SHA-256$") ||
           (password.starts_with("md5") && password.size() == k_md5_length);
}

bool read_attributes(GlobalsWords& words, GlobalRole& known) {
    GlobalRole role = known;
    while (!words.at_end()) {
        if (!take_attribute(words, role)) {
            return false;
        }
    }
    if (role.password_hash && !is_hash(*role.password_hash)) {
        return false;
    }
    known = std::move(role);
    return true;
}

bool read_setting(GlobalsWords& words, GlobalRole& role) {
    const auto name = words.take_name();
    if (!name || !words.take({"to"})) {
        return false;
    }
    RoleSetting setting{.name = *name, .values = {}};
    do {
        auto value = words.take_text();
        if (!value) {
            return false;
        }
        setting.values.push_back(std::move(*value));
    } while (words.take_symbol(","));
    if (!words.at_end()) {
        return false;
    }
    role.settings.push_back(std::move(setting));
    return true;
}

GlobalRole* find_role(Globals& globals, const std::optional<std::string>& name) {
    const auto found =
        name ? std::ranges::find(globals.roles, *name, &GlobalRole::name) : globals.roles.end();
    return found == globals.roles.end() ? nullptr : &*found;
}

bool read_create(GlobalsWords& words, Globals& globals) {
    if (words.take({"role"})) {
        const auto name = words.take_name();
        if (!name || !words.at_end() || find_role(globals, name) != nullptr) {
            return false;
        }
        globals.roles.push_back({.name = *name});
        return true;
    }
    if (!words.take({"tablespace"})) {
        return false;
    }
    const auto name = words.take_name();
    const auto owner = words.take({"owner"}) ? words.take_name() : std::nullopt;
    const bool has_location = words.take({"location"}) && words.take_text().has_value();
    if (!name || !owner || !has_location || !words.at_end()) {
        return false;
    }
    globals.tablespaces.push_back({.name = *name, .owner = *owner});
    return true;
}

bool read_alter(GlobalsWords& words, Globals& globals) {
    if (words.take({"tablespace"})) {
        return words.take_name().has_value() && words.take({"set"}); // never run
    }
    GlobalRole* role = words.take({"role"}) ? find_role(globals, words.take_name()) : nullptr;
    if (role == nullptr) {
        return false; // one that this dump does not create
    }
    return words.take({"set"}) ? read_setting(words, *role)
                               : words.take({"with"}) && read_attributes(words, *role);
}

bool read_comment(GlobalsWords& words, Globals& globals) {
    if (words.take({"on", "tablespace"})) {
        return words.take_name() && words.take({"is"}) && words.take_text() && words.at_end();
    }
    GlobalRole* role = words.take({"on", "role"}) ? find_role(globals, words.take_name()) : nullptr;
    auto comment = role != nullptr && words.take({"is"}) ? words.take_text() : std::nullopt;
    if (!comment || !words.at_end()) {
        return false;
    }
    role->comment = std::move(*comment);
    return true;
}

std::optional<bool> take_truth(GlobalsWords& words) {
    return words.take({"option"}) || words.take({"true"}) ? std::optional{true}
           : words.take({"false"})                        ? std::optional{false}
                                                          : std::nullopt;
}

bool read_options(GlobalsWords& words, GlobalMembership& membership) {
    do {
        const bool is_admin = words.take({"admin"});
        const bool is_inherit = !is_admin && words.take({"inherit"});
        if (!is_admin && !is_inherit && !words.take({"set"})) {
            return false;
        }
        const auto truth = take_truth(words);
        if (!truth) {
            return false;
        }
        if (is_admin) {
            membership.admin = *truth;
        } else {
            (is_inherit ? membership.inherit : membership.set) = truth;
        }
    } while (words.take_symbol(","));
    return true;
}

bool read_membership(GlobalsWords& words, Globals& globals) {
    const auto role = words.take_name();
    const auto member = words.take({"to"}) ? words.take_name() : std::nullopt;
    if (!role || !member) {
        return false;
    }
    GlobalMembership membership{.role = *role, .member = *member};
    if (words.take({"with"}) && !read_options(words, membership)) {
        return false;
    }
    if (words.take({"granted", "by"}) && !words.take_name()) {
        return false;
    }
    if (words.at_end()) {
        globals.memberships.push_back(std::move(membership));
    }
    return words.at_end();
}

/// Privileges on what belongs to the server itself. They are never run.
bool read_privileges(std::string_view sql, Globals& globals) {
    GlobalsWords words{sql};
    if (!words.skip_to("on")) {
        return false;
    }
    const bool is_parameter = words.take({"on", "parameter"});
    if (!is_parameter && !words.take({"on", "tablespace"})) {
        return false;
    }
    const auto name = words.take_name();
    if (name) {
        globals.left_out.push_back(
            fmt::format("privileges on {} {}", is_parameter ? "parameter" : "tablespace", *name));
    }
    return name.has_value();
}

bool read_set(GlobalsWords& words) {
    const auto name = words.take_name();
    if (!name || !words.take_symbol("=")) {
        return false;
    }
    // What decides how the rest is read must be as pg_dumpall writes it for us.
    return (*name == "default_transaction_read_only" && words.take({"off"}) && words.at_end()) ||
           (*name == "client_encoding" && words.take_text() == "UTF8" && words.at_end()) ||
           (*name == "standard_conforming_strings" && words.take({"on"}) && words.at_end());
}

} // namespace

bool read_globals_statement(std::string_view sql, Globals& globals) {
    GlobalsWords words{sql};
    if (words.take({"create"})) {
        return read_create(words, globals);
    }
    if (words.take({"alter"})) {
        return read_alter(words, globals);
    }
    if (words.take({"comment"})) {
        return read_comment(words, globals);
    }
    if (words.take({"grant"})) {
        return read_membership(words, globals) || read_privileges(sql, globals);
    }
    if (words.take({"revoke"})) {
        return read_privileges(sql, globals);
    }
    if (words.take({"security", "label", "for"})) {
        globals.left_out.emplace_back("a security label");
        return true;
    }
    return words.take({"set"}) && read_set(words);
}

} // namespace dbbackup::pg
