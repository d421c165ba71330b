#include "pg/gate/statement_shape.hpp"

#include "pg/sql/sql_chars.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

// Thompson's simulation: a token's cost depends on the patterns that still match, never on what
// came before it.

namespace dbbackup::pg {

namespace {

constexpr std::string_view k_signs = "+-*/<>=~!@#%^&|`?";

std::string in_lower_case(std::string_view text) {
    std::string lower{text};
    std::ranges::transform(lower, lower.begin(), to_lower);
    return lower;
}

/// `lower` is in lower case; quoted names keep theirs.
bool is_named(const Word& word, std::string_view lower) {
    return word.kind == TokenKind::identifier ? equals_folded(word.text, lower)
                                              : word.text == lower;
}

/// Nobody can create a schema with such a name, and without a schema it may be a table of
/// pg_catalog, which is searched before all others. Newer servers have more of them, so this checks
/// the prefix.
bool begins_as_the_systems(const Word& word) {
    constexpr std::string_view k_prefix = "pg_";
    return is_named({word.kind, word.text.substr(0, k_prefix.size())}, k_prefix);
}

/// Of objects in these, pg_dump writes only the privileges.
bool is_system_schema(const Word& word) {
    return begins_as_the_systems(word) || is_named(word, "information_schema");
}

/// A schema's name in a string. pg_dump writes a backslash doubled, in E''; any other escape could
/// hide what the name is.
bool names_own_schema(std::string_view text) {
    for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at + 2)) {
        if (at + 1 == text.size() || text[at + 1] != '\\') {
            return false;
        }
    }
    return !is_system_schema({TokenKind::quoted_identifier, text});
}

/// Without anything directly after it, which servers before 15 read as a separate word, and not $1.
bool is_plain_number(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return is_digit(c) || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
    });
}

} // namespace

StatementShape::StatementShape(const TokenPatterns& patterns)
    : patterns_(patterns), reached_at_(patterns.nodes_.size(), 0) {
}

void StatementShape::take(const Token& token) {
    if (!begun_) {
        begin(token);
        return;
    }
    if (reached_.empty()) {
        return;
    }
    std::swap(reached_, before_);
    reached_.clear();
    ++step_;
    for (const Place place : before_) {
        if (matches(patterns_.nodes_[place], token)) {
            reach(patterns_.behind_[place]);
        }
    }
    if (token.kind == TokenKind::symbol) {
        brackets_ += token.text == "[" ? 1 : 0;
        brackets_ -= token.text == "]" && brackets_ > 0 ? 1 : 0;
    }
}

bool StatementShape::fits() const noexcept {
    return std::ranges::any_of(
        reached_, [this](Place place) { return patterns_.nodes_[place].kind == Kind::end; });
}

void StatementShape::clear() noexcept {
    reached_.clear();
    brackets_ = 0;
    begun_ = false;
}

void StatementShape::begin(const Token& token) {
    begun_ = true;
    ++step_;
    if (token.kind != TokenKind::identifier) {
        return;
    }
    const auto starts = patterns_.starts_.find(in_lower_case(token.text));
    if (starts != patterns_.starts_.end()) {
        reach(starts->second);
    }
}

void StatementShape::reach(const std::vector<Place>& places) {
    for (const Place place : places) {
        if (std::exchange(reached_at_[place], step_) != step_) {
            reached_.push_back(place);
        }
    }
}

bool StatementShape::matches(const TokenPatterns::Node& node, const Token& token) const {
    switch (node.kind) {
    case Kind::keyword:
        return is_keyword(token, node.text);
    case Kind::symbol:
        return token.kind == TokenKind::symbol && token.text.front() == node.text.front() &&
               token.text.size() == node.text.size();
    case Kind::exact_string:
        return token.kind == TokenKind::string && token.text == node.text;
    case Kind::word:
        return is_name(token);
    case Kind::schema:
        return is_name(token) && !is_system_schema(token);
    case Kind::own:
        return is_name(token) && !begins_as_the_systems(token);
    case Kind::string:
        return token.kind == TokenKind::string;
    case Kind::own_string:
        return token.kind == TokenKind::string && names_own_schema(token.text);
    case Kind::number:
        return token.kind == TokenKind::number && is_plain_number(token.text);
    case Kind::sign:
        return token.kind == TokenKind::symbol &&
               k_signs.find(token.text) != std::string_view::npos;
    case Kind::inside:
        return token.depth > 0;
    case Kind::no_comma:
        return token.depth > 0 || brackets_ > 0 || !is_symbol(token, ",");
    case Kind::any:
        return true;
    case Kind::fork:
    case Kind::end:
        return false;
    }
    return false;
}

} // namespace dbbackup::pg
