#include "cli/settings/env_file.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::cli {

namespace {

constexpr std::string_view k_byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view k_export = "export";
constexpr std::string_view k_blanks = " \t\r";
/// Each line can double the one before it.
constexpr std::size_t k_longest_value = 64 * 1024;

/// Why a line has no value. Never contains any part of it.
struct Problem {
    std::string what;
    std::string hint;
};

const Problem k_unreadable{.what = "cannot be read",
                           .hint = "Write NAME='value' on one line, with the whole value in single "
                                   "quotes."};
const Problem k_undefined{
    .what = "holds a ${NAME} that neither the environment nor an earlier line sets",
    .hint = "Set that variable in a line above. If the '$' belongs to the value, put the whole "
            "value in single quotes."};
const Problem k_no_name{.what = "holds a ${…} that is not of the form ${NAME}",
                        .hint = "Nothing else is expanded. If the '$' belongs to the value, put "
                                "the whole value in single quotes."};
const Problem k_built_on_unreadable{.what = "needs a variable of an earlier line that cannot be "
                                            "read",
                                    .hint = "Correct that line first."};
const Problem k_too_long{.what = "is longer than 64 KiB", .hint = {}};

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(k_blanks);
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(k_blanks) - first + 1);
}

std::string_view without_export(std::string_view line) {
    if (line.starts_with(k_export) && line.size() > k_export.size() &&
        k_blanks.find(line[k_export.size()]) != std::string_view::npos) {
        return trim(line.substr(k_export.size()));
    }
    return line;
}

bool is_quote(char c) {
    return c == '"' || c == '\'' || c == '`';
}

bool may_begin_name(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

/// The length in bytes of the variable name at the start of `text`.
std::size_t name_length(std::string_view text) {
    if (text.empty() || !may_begin_name(text.front())) {
        return 0;
    }
    const auto end = std::ranges::find_if(
        text, [](char c) { return !may_begin_name(c) && !(c >= '0' && c <= '9'); });
    return static_cast<std::size_t>(end - text.begin());
}

/// The end of the quote at the start of `text`, or npos.
std::size_t find_closing_quote(std::string_view text) {
    const char quote = text.front();
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == quote) {
            return i;
        }
        if (text[i] == '\\' && quote != '\'') {
            ++i;
        }
    }
    return std::string_view::npos;
}

} // namespace

class EnvFile::Parser {
public:
    Parser(std::string_view text, std::map<std::string, Variable>& variables,
           const Environment& environment)
        : rest_(text), variables_(variables), environment_(environment) {}

    void parse() {
        while (!rest_.empty()) {
            parse_line();
        }
    }

private:
    void parse_line() {
        ++line_;
        const std::size_t end = std::min(rest_.find('\n'), rest_.size());
        const std::string_view line = without_export(trim(rest_.substr(0, end)));
        const std::size_t equals = line.find('=');
        const std::string name{trim(line.substr(0, equals))};
        const int number = line_;
        if (line.empty() || line.starts_with('#')) {
            take(end);
        } else if (equals == std::string_view::npos) {
            take(end);
            set(name, number, k_unreadable);
        } else {
            parse_value(name, trim(line.substr(equals + 1)), end);
        }
    }

    /// `raw` goes from the value to the end of its line, which is at `end` in rest_.
    void parse_value(const std::string& name, std::string_view raw, std::size_t end) {
        const int number = line_;
        if (raw.empty() || !is_quote(raw.front())) {
            take(end);
            const std::string_view value = trim(raw.substr(0, raw.find(" #")));
            return expand(name, number, value, '\0');
        }
        const char quote = raw.front();
        const auto begin = static_cast<std::size_t>(raw.data() - rest_.data());
        const std::string_view from_quote = rest_.substr(begin);
        const std::size_t close = find_closing_quote(from_quote);
        const std::size_t close_line_end =
            close == std::string_view::npos
                ? close
                : std::min(rest_.find('\n', begin + close), rest_.size());
        const bool is_closed_here = close != std::string_view::npos && begin + close < end;
        // Only a comment may follow a value of several lines: this distinguishes its end from a
        // quote that opens another value.
        const auto is_closed_later = [&] {
            const std::string_view behind =
                trim(rest_.substr(begin + close + 1, close_line_end - begin - close - 1));
            return behind.empty() || behind.starts_with('#');
        };
        if (close == std::string_view::npos || !(is_closed_here || is_closed_later())) {
            take(end);
            return set(name, number, k_unreadable);
        }
        const std::string_view value = from_quote.substr(1, close - 1);
        take(close_line_end);
        if (quote == '\'') {
            return set(name, number, std::string{value});
        }
        expand(name, number, value, quote);
    }

    /// Sets `name` to `raw` with its variables and escapes replaced.
    void expand(const std::string& name, int number, std::string_view raw, char quote) {
        std::string value;
        while (!raw.empty() && value.size() <= k_longest_value) {
            const char next = raw.size() > 1 ? raw[1] : '\0';
            const bool is_escape =
                raw.front() == '\\' &&
                (next == '$' || (quote != '\0' && (next == quote || next == '\\')));
            if (is_escape) {
                value += next;
                raw.remove_prefix(2);
            } else if (raw.front() == '$') {
                if (const Problem* problem = replace_variable(raw, value)) {
                    return set(name, number, *problem);
                }
            } else {
                value += raw.front();
                raw.remove_prefix(1);
            }
        }
        if (value.size() > k_longest_value) {
            return set(name, number, k_too_long);
        }
        set(name, number, std::move(value));
    }

    /// Removes the variable from the start of `raw` and appends its value. Returns the problem.
    const Problem* replace_variable(std::string_view& raw, std::string& value) const {
        const bool in_braces = raw.substr(1).starts_with('{');
        const std::size_t begin = in_braces ? 2 : 1;
        const std::size_t length = name_length(raw.substr(begin));
        if (in_braces && (length == 0 || !raw.substr(begin + length).starts_with('}'))) {
            return &k_no_name;
        }
        const std::string name{raw.substr(begin, length)};
        const std::string_view whole = raw.substr(0, begin + length + (in_braces ? 1 : 0));
        raw.remove_prefix(whole.size());
        if (const auto known = length == 0 ? std::nullopt : environment_(name)) {
            value += *known;
            return nullptr;
        }
        const auto earlier = variables_.find(name);
        if (earlier == variables_.end()) {
            value += whole; // a dollar in a password
            return in_braces ? &k_undefined : nullptr;
        }
        value += earlier->second.value;
        return earlier->second.problem.empty() ? nullptr : &k_built_on_unreadable;
    }

    void set(const std::string& name, int number, std::string value) {
        variables_[name] = {.line = number, .value = std::move(value), .problem = {}, .hint = {}};
    }

    void set(const std::string& name, int number, const Problem& problem) {
        variables_[name] = {
            .line = number, .value = {}, .problem = problem.what, .hint = problem.hint};
    }

    /// Continues after the newline at `end`.
    void take(std::size_t end) {
        line_ +=
            static_cast<int>(std::count(rest_.begin(), rest_.begin() + std::ptrdiff_t(end), '\n'));
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
    }

    std::string_view rest_;
    std::map<std::string, Variable>& variables_;
    const Environment& environment_;
    int line_ = 0;
};

EnvFile::EnvFile(std::string_view text, std::string path, const Environment& environment)
    : path_(std::move(path)) {
    if (text.starts_with(k_byte_order_mark)) {
        text.remove_prefix(k_byte_order_mark.size());
    }
    Parser{text, variables_, environment}.parse();
}

std::optional<std::string> EnvFile::find(const std::string& name) const {
    const auto found = variables_.find(name);
    if (found == variables_.end()) {
        return std::nullopt;
    }
    const Variable& variable = found->second;
    // A newline in it is a mistake, and C would cut it at a null byte.
    const bool is_text =
        variable.value.find_first_of(std::string_view{"\n\0", 2}) == std::string::npos;
    if (is_text && variable.problem.empty()) {
        return variable.value;
    }
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("{} in line {} of '{}' {}", name, variable.line,
                                  base::printable(path_),
                                  is_text ? variable.problem : k_unreadable.what),
                      is_text ? variable.hint : k_unreadable.hint};
}

} // namespace dbbackup::cli
