#include "cli/terminal/wrap_text.hpp"

#include "cli/terminal/text_width.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace dbbackup::cli {

namespace {

constexpr std::string_view k_verbatim = "    ";
constexpr std::string_view k_verbatim_hint = "    hint: ";
constexpr std::string_view k_usage = "usage: ";
/// How suggested commands begin. The names alone also occur in prose: "psql restores it".
constexpr std::string_view k_commands[] = {
    ": dbbackup ",  ": chmod ",    ": sudo ",    ": psql -X ",
    ": gunzip -c ", ": zstd -dc ", ": printf '", ": export DATABASE_URL=",
    ": echo '"};
/// No label before a text is longer: "large objects 1".
constexpr std::size_t k_longest_label = 20;

/// The column of a line's text, to which its rest is indented: after a label and its gap, or after
/// "hint: ".
std::size_t indent_of(std::string_view line) {
    const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
    const std::string_view text = line.substr(start);
    const std::size_t gap = text.substr(0, k_longest_label).find("  ");
    if (gap != std::string_view::npos) {
        const std::size_t end = text.find_first_not_of(' ', gap);
        return end == std::string_view::npos ? start + 2 : start + end;
    }
    for (const std::string_view label : std::array{std::string_view{"hint: "}, k_usage}) {
        if (text.starts_with(label)) {
            return start + label.size();
        }
    }
    return start + 2;
}

/// The end of the command at the start of `text`: the end of `text`, or before the next sentence.
std::size_t end_of_command(std::string_view text) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        quoted = quoted != (text[i] == '\'');
        if (!quoted && text.substr(i).starts_with(". ")) {
            return i;
        }
    }
    return text.size();
}

/// The start of the first command in `line`, or the end of `line`.
std::size_t begin_of_command(std::string_view line) {
    std::size_t begin = line.size();
    for (const std::string_view mark : k_commands) {
        const std::size_t found = line.find(mark);
        begin = found == std::string_view::npos ? begin : std::min(begin, found + 2);
    }
    return begin;
}

/// The line with each of its commands on a line of its own.
std::string wrap_around_commands(const std::string& line, std::size_t width) {
    const std::size_t indent = indent_of(line);
    if (line.starts_with(k_usage)) {
        return wrap_line(line, width, indent); // a usage line, nothing to paste
    }
    std::string text;
    std::string rest = line;
    for (std::size_t begin = begin_of_command(rest); begin < rest.size();
         begin = begin_of_command(rest)) {
        const std::size_t end = begin + end_of_command(std::string_view{rest}.substr(begin));
        text += wrap_line(rest.substr(0, begin - 1), width, indent) + "\n" +
                std::string{k_verbatim} + rest.substr(begin, end - begin);
        if (end == rest.size()) {
            return text;
        }
        rest = std::string(indent, ' ') + rest.substr(end + 2);
        text += "\n";
    }
    return text + wrap_line(rest, width, indent);
}

} // namespace

std::string wrap_line(const std::string& line, std::size_t width, std::size_t indent) {
    const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
    std::string text = line.substr(0, start);
    std::size_t column = start;
    bool first = true;
    std::size_t at = start;
    while (at < line.size()) {
        const std::size_t gap_end = std::min(line.find_first_not_of(' ', at), line.size());
        const std::size_t word_end = std::min(line.find(' ', gap_end), line.size());
        const std::string word = line.substr(gap_end, word_end - gap_end);
        const std::size_t gap = gap_end - at;
        const std::size_t word_width = width_of(word);
        if (!first && column + gap + word_width > width) {
            text += "\n" + std::string(indent, ' ');
            column = indent;
        } else {
            text += std::string(gap, ' ');
            column += gap;
        }
        text += word;
        column += word_width;
        first = false;
        at = word_end;
    }
    return text;
}

std::string wrap_text(const std::string& text, const Screen& screen) {
    if (!screen.width) {
        return text;
    }
    std::string wrapped;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line = text.substr(begin, end - begin);
        const bool is_verbatim = line.starts_with(k_verbatim) && !line.starts_with(k_verbatim_hint);
        wrapped += is_verbatim || width_of(line) <= *screen.width
                       ? line
                       : wrap_around_commands(line, *screen.width);
        wrapped += end < text.size() ? "\n" : "";
        begin = end + 1;
    }
    return wrapped;
}

} // namespace dbbackup::cli
