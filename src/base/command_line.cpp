#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace dbbackup::base {

namespace {

constexpr std::string_view k_plain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,";

std::string in_quotes(const std::string& word) {
    std::string quoted;
    for (const char c : word) {
        quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
    }
    return fmt::format("'{}'", quoted);
}

bool needs_escape(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x7F || c == '\'' || c == '\\';
}

/// Quoted for bash, zsh and ksh.
std::string with_escapes(const std::string& word) {
    std::string quoted;
    for (const char c : word) {
        quoted += needs_escape(c) ? fmt::format("\\x{:02x}", static_cast<unsigned char>(c))
                                  : std::string{c};
    }
    return fmt::format("$'{}'", quoted);
}

/// Quoted for any sh; but a substitution loses trailing newlines. A word must not look like an
/// option of printf or contain its placeholders.
std::string by_printf(const std::string& word) {
    std::string format;
    for (const char c : word) {
        const bool is_dash_in_front = c == '-' && format.empty();
        format += needs_escape(c) || is_dash_in_front
                      ? fmt::format("\\{:03o}", static_cast<unsigned char>(c))
                  : c == '%' ? "%%"
                             : std::string{c};
    }
    return fmt::format("\"$(printf '{}')\"", format);
}

} // namespace

std::string shell_words(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) {
        line += line.empty() ? "" : " ";
        if (!word.empty() && word.find_first_not_of(k_plain) == std::string::npos) {
            line += word;
        } else if (printable(word) == word) {
            line += in_quotes(word);
        } else {
            line += word.ends_with('\n') ? with_escapes(word) : by_printf(word);
        }
    }
    return line;
}

std::string CommandLine::another(std::vector<std::string> words) const {
    if (!word_.empty()) {
        std::ranges::replace(words, word_, meaning_);
    }
    words.insert(words.begin(), "dbbackup");
    words.insert(words.end(), settings_.begin(), settings_.end());
    return shell_words(words);
}

CommandLine CommandLine::naming(std::string word, std::string meaning) const {
    CommandLine other = *this;
    other.word_ = std::move(word);
    other.meaning_ = std::move(meaning);
    return other;
}

CommandLine CommandLine::without(const std::string& flag, std::size_t values) const {
    CommandLine shorter = *this;
    const auto found = std::ranges::find(shorter.flags_, flag);
    if (found != shorter.flags_.end()) {
        const auto behind = static_cast<std::size_t>(shorter.flags_.end() - found);
        shorter.flags_.erase(found,
                             found + static_cast<std::ptrdiff_t>(std::min(behind, 1 + values)));
    }
    return shorter;
}

namespace {

bool is_latest(const std::vector<std::string>& words) {
    return !words.empty() && (words.front() == "latest" || words.front().starts_with("latest~"));
}

} // namespace

std::string CommandLine::another_for(const std::string& database,
                                     std::vector<std::string> words) const {
    if (std::ranges::find(settings_, "--database") == settings_.end()) {
        words.insert(words.end(), {"--database", database});
    }
    return another(std::move(words));
}

std::string CommandLine::again(const std::vector<std::string>& words) const {
    std::vector<std::string> all{command_};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool is_switch =
            words[i].starts_with("--") && (i + 1 == words.size() || words[i + 1].starts_with("--"));
        if (!is_switch || std::ranges::find(flags_, words[i]) == flags_.end()) {
            all.push_back(words[i]);
        }
    }
    bool is_said = false; // by `words`; then the value that follows is too
    for (const std::string& word : is_latest(words) ? choice_ : std::vector<std::string>{}) {
        is_said = word.starts_with("--") ? std::ranges::count(words, word) > 0 : is_said;
        if (!is_said) {
            all.push_back(word);
        }
    }
    all.insert(all.end(), flags_.begin(), flags_.end());
    return another(std::move(all));
}

} // namespace dbbackup::base
