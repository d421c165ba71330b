#pragma once

#include <string_view>
#include <vector>

namespace dbbackup::ops {

/// What is between the line ends of `text`. The last one is not a whole line, and often empty.
[[nodiscard]] inline std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    lines.push_back(text);
    return lines;
}

} // namespace dbbackup::ops
