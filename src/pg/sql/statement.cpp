#include "pg/sql/statement.hpp"

#include "pg/sql/object_kind.hpp"
#include "pg/sql/sql_chars.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace dbbackup::pg {

namespace {

/// The most frequent ones first.
constexpr auto k_verbs = std::to_array<std::pair<std::string_view, Verb>>({
    {"insert into", Verb::insert},
    {"copy", Verb::copy},
    {"select", Verb::select},
    {"create", Verb::create},
    {"alter default privileges", Verb::alter_default_privileges},
    {"alter", Verb::alter},
    {"comment on", Verb::comment},
    {"grant", Verb::grant},
    {"revoke", Verb::revoke},
    {"set", Verb::set},
    {"reset", Verb::reset},
    {"drop", Verb::drop},
    {"refresh", Verb::refresh},
    {"security label", Verb::security_label},
});

Verb take_verb(WordReader& reader) {
    for (const auto& [phrase, verb] : k_verbs) {
        if (reader.take_phrase(phrase)) {
            return verb;
        }
    }
    return Verb::other;
}

std::string_view take_object_kind(WordReader& reader, Verb verb) {
    switch (verb) {
    case Verb::grant:
    case Verb::revoke:
    case Verb::security_label:
        reader.skip_past("on");
        return take_kind(reader);
    case Verb::create:
        take_adjectives(reader);
        return take_kind(reader);
    case Verb::alter:
    case Verb::comment:
    case Verb::refresh:
        return take_kind(reader);
    default:
        return {};
    }
}

} // namespace

Statement::Statement() : text_(k_words_kept * k_token_text) {
    words_.reserve(k_words_kept);
}

void Statement::add(const Token& token) {
    if (token.depth > 0) {
        return;
    }
    groups_ += is_symbol(token, "(") ? 1 : 0;
    if (words_.size() < k_words_kept) {
        const std::string_view text = token.text.substr(0, k_token_text);
        char* const begin = text_.data() + text_length_;
        if (token.kind == TokenKind::identifier) {
            std::ranges::transform(text, begin, to_lower);
        } else {
            std::ranges::copy(text, begin);
        }
        text_length_ += text.size();
        words_.push_back({token.kind, {begin, text.size()}});
    }
}

void Statement::end() {
    object_ = WordReader{words_};
    verb_ = take_verb(object_);
    kind_ = take_object_kind(object_, verb_);
    if (!kind_.empty()) {
        take_before_name(object_);
    }
}

void Statement::clear() noexcept {
    text_length_ = 0;
    words_.clear();
    groups_ = 0;
    verb_ = Verb::other;
    kind_ = {};
    object_ = WordReader{WordSpan{}};
}

} // namespace dbbackup::pg
