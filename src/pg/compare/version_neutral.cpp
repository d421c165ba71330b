#include "pg/compare/version_neutral.hpp"

#include "pg/compare/skeleton.hpp"
#include "pg/sql/object_kind.hpp"
#include "pg/sql/word_reader.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace dbbackup::pg {

namespace {

/// A name that is a keyword in some versions is quoted only there.
Words without_needless_quotes(WordSpan words) {
    constexpr std::string_view k_plain = "abcdefghijklmnopqrstuvwxyz0123456789_";
    Words plain{words.begin(), words.end()};
    for (Word& word : plain) {
        if (word.kind == TokenKind::quoted_identifier && word.text.size() > 2) {
            const std::string_view name = word.text.substr(1, word.text.size() - 2);
            if (name.find_first_not_of(k_plain) == std::string_view::npos) {
                word = {TokenKind::identifier, name};
            }
        }
    }
    return plain;
}

/// ALTER TABLE … ALTER COLUMN … SET NOT NULL, or ADD CONSTRAINT … NOT NULL from 18 on.
bool sets_not_null(const Statement& statement) {
    WordReader reader = statement.object();
    reader.take_qualified_name();
    if (reader.take_phrase("alter column")) {
        reader.take_name();
        return reader.take_phrase("set not null");
    }
    return reader.take_phrase("add constraint") && reader.take_name() &&
           reader.take_phrase("not null");
}

/// Options that came with a version (subscriptions, range types), links of operator classes that
/// moved to their families, locales that 16 writes in another form, and what 15 changed about
/// schema public.
bool differs_by_version(const Statement& statement, WordSpan words) {
    static constexpr auto k_kinds =
        std::to_array<std::string_view>({"operator class", "operator family", "subscription"});
    const std::string_view kind = statement.kind();
    const bool creates = statement.verb() == Verb::create;
    return statement.verb() == Verb::drop || std::ranges::find(k_kinds, kind) != k_kinds.end() ||
           (creates && kind == "collation") ||
           (creates && kind == "type" && has_keywords(words, "as", "range")) ||
           (kind == "schema" && statement.object().take_name() == "public") ||
           sets_not_null(statement);
}

/// 16 and later say ALTER VIEW and the like, and ONLY, where others say ALTER TABLE.
Words as_alter_table(const Words& words) {
    WordReader reader{words};
    reader.take_keyword("alter");
    (void)take_kind(reader);
    take_before_name(reader);
    Words altered{words.front()};
    std::ranges::copy(reader.rest(), std::back_inserter(altered));
    return altered;
}

void drop_keyword(Words& words, std::string_view keyword) {
    std::erase_if(words, [keyword](const Word& word) { return is_keyword(word, keyword); });
}

void drop_commas(Words& words) {
    std::erase_if(words, [](const Word& word) { return is_symbol(word, ","); });
}

/// From 18 on, NOT NULL is a constraint, which can have a name and be of an inherited column. A
/// DEFAULT NULL is not always kept.
Words without_nulls(const Words& words) {
    Words kept;
    for (WordReader reader{words}; !reader.at_end();) {
        WordReader ahead = reader;
        if (ahead.take_keyword("constraint")) {
            ahead.take_word();
        }
        if (ahead.take_phrase("not null")) {
            const bool is_item = is_symbol(kept.back(), "(") || is_symbol(kept.back(), ",");
            if (is_item) {
                ahead.take_word(); // the column
            }
            ahead.take_phrase("no inherit");
            reader = ahead;
        } else if (!reader.take_phrase("default null")) {
            kept.push_back(*reader.take_word());
        }
    }
    return kept;
}

/// 17 and later know MAINTAIN, which is a part of their ALL. Nothing if that is all of it.
Words without_maintain(const Words& words) {
    static constexpr auto k_others = std::to_array<std::string_view>(
        {"select", "insert", "update", "delete", "truncate", "references", "trigger"});
    const auto is_other = [](const Word& word) {
        return std::ranges::any_of(
            k_others, [&word](std::string_view other) { return is_keyword(word, other); });
    };
    const auto on =
        std::ranges::find_if(words, [](const Word& word) { return is_keyword(word, "on"); });
    const bool is_all = std::count_if(words.begin(), on, is_other) == std::ssize(k_others);
    Words kept;
    std::copy_if(words.begin(), on, std::back_inserter(kept), [&](const Word& word) {
        return !is_symbol(word, ",") && !is_keyword(word, "maintain") &&
               !(is_all && is_other(word));
    });
    if (is_all) {
        kept.push_back({TokenKind::identifier, "ALL"});
    } else if (!kept.empty() && on != words.end() &&
               (is_keyword(kept.back(), "grant") || is_keyword(kept.back(), "revoke") ||
                is_keyword(kept.back(), "for"))) {
        return {};
    }
    kept.insert(kept.end(), on, words.end());
    return kept;
}

} // namespace

Words version_neutral(const Statement& statement, WordSpan significant) {
    if (significant.empty() || differs_by_version(statement, significant)) {
        return {};
    }
    Words words = without_needless_quotes(significant);
    const Verb verb = statement.verb();
    const bool makes_table = verb == Verb::create &&
                             (statement.kind() == "table" || statement.kind() == "foreign table");
    if (makes_table) {
        words = without_nulls(words);
    }
    words = skeleton(words);
    if (makes_table) {
        drop_commas(words);
    } else if (verb == Verb::alter && is_relation(statement.kind())) {
        words = as_alter_table(words);
    } else if (statement.kind() == "procedure") {
        drop_keyword(words, "in"); // 14 and later say which arguments are
    } else if (verb == Verb::grant || verb == Verb::revoke ||
               verb == Verb::alter_default_privileges) {
        words = without_maintain(words);
    }
    return words;
}

} // namespace dbbackup::pg
