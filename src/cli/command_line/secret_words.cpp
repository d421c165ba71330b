#include "cli/command_line/secret_words.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/secret_key.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::cli {

namespace {

constexpr std::string_view k_scheme_end = "://";
constexpr std::string_view k_hidden = "***";

bool may_hold_a_password(std::string_view word) {
    if (word == "--password" || word == "--no-password") {
        return false; // only the name, as for pg_dump
    }
    return ops::is_secret_key(word) || word.find(k_scheme_end) != std::string_view::npos ||
           word.find('@', 1) != std::string_view::npos || // before it is a user, or our own mark
           word.find("password") != std::string_view::npos;
}

/// The forms in which a message can repeat `word`, the longest first: whole, or from an option
/// (`--x=VALUE`, `-xVALUE`, `-xyVALUE`) only the rest after CLI11 has removed a prefix.
std::vector<std::string> forms_of(const std::string& word) {
    std::vector<std::string> forms{word};
    // A message can name the directory of a word that was taken for a path.
    for (std::size_t slash = word.rfind('/'); slash != std::string::npos && slash > 0;
         slash = word.rfind('/', slash - 1)) {
        const std::string parent = word.substr(0, slash);
        if (parent.find(k_scheme_end) == std::string::npos && may_hold_a_password(parent)) {
            forms.push_back(parent);
        }
    }
    if (word.starts_with('-')) {
        for (std::size_t i = 1; may_hold_a_password(std::string_view{word}.substr(i)); ++i) {
            forms.push_back(word.substr(i));
        }
    }
    return forms;
}

void replace_all(std::string& text, const std::string& part) {
    if (part.size() <= k_hidden.size()) {
        return;
    }
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
        text.replace(at, part.size(), k_hidden);
        at += k_hidden.size();
    }
}

/// Hides the text between `://` and the last `@` after it: a password may contain any character.
void hide_user_information(std::string& text) {
    const std::size_t end = text.find(k_scheme_end);
    const std::size_t at = text.rfind('@');
    if (end != std::string::npos && at != std::string::npos && at > end) {
        const std::size_t start = end + k_scheme_end.size();
        text.replace(start, at - start, k_hidden);
    }
}

std::string without_words(std::string text, const std::vector<std::string>& words) {
    for (const std::string& word : words) {
        if (may_hold_a_password(word)) {
            for (const std::string& form : forms_of(word)) {
                replace_all(text, form);
                replace_all(text, base::printable(form));
            }
        }
    }
    return text;
}

/// A hint may suggest a command with the URL of this run: if that is valid and holds no secret,
/// nothing needs to be hidden.
bool is_url_without_secrets(std::string_view word) {
    constexpr std::string_view k_flag = "--url=";
    if (word.starts_with(k_flag)) {
        word.remove_prefix(k_flag.size());
    }
    try {
        const pg::Connection connection = pg::parse_connection_url(std::string{word});
        return connection.secrets.empty() && connection.dropped.empty();
    } catch (const base::Error&) {
        return false;
    }
}

} // namespace

void hide_passwords(int argument_count, char** arguments) {
    for (int i = 1; i < argument_count; ++i) {
        char* scheme_end = std::strstr(arguments[i], k_scheme_end.data());
        if (scheme_end != nullptr) {
            char* secret = scheme_end + k_scheme_end.size();
            std::fill(secret, secret + std::strlen(secret), 'x');
        }
    }
}

base::Error without_passwords(const base::Error& error, const std::vector<std::string>& words) {
    std::string message = without_words(error.what(), words);
    hide_user_information(message);
    // Otherwise, the only URL in a hint is the pattern that shows the syntax.
    std::vector<std::string> secret = words;
    std::erase_if(secret, is_url_without_secrets);
    return {error.kind(), message, without_words(error.hint(), secret)};
}

bool may_be_repeated(const std::string& word) {
    constexpr std::size_t k_longest = 64;
    const auto is_of_names = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    };
    return word.size() <= k_longest && std::ranges::all_of(word, is_of_names) &&
           !may_hold_a_password(word);
}

bool holds_password(const std::string& url) {
    const std::size_t end = url.find(k_scheme_end);
    const std::size_t at = url.rfind('@');
    const std::size_t start = end == std::string::npos ? 0 : end + k_scheme_end.size();
    const bool in_user_information = at != std::string::npos && url.find(':', start) < at;
    return in_user_information || url.find("password") != std::string::npos;
}

bool may_hold_secrets(const std::string& url) {
    return !is_url_without_secrets(url);
}

void require_no_url(const std::string& value, const std::string& what) {
    if (value.find(k_scheme_end) != std::string::npos) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("a URL was given instead of {}", what),
                          "Put the URL into DATABASE_URL or after --url."};
    }
}

} // namespace dbbackup::cli
