#include "cli/command_line/suggestions.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace dbbackup::cli {

namespace {

/// We have no longer names, and a longer word may be a value.
constexpr std::size_t k_longest_word = 40;
constexpr std::size_t k_shortest_beginning = 2;
/// More would not help.
constexpr std::size_t k_most_suggestions = 3;

std::string without_dashes(std::string_view word) {
    std::string text{word.substr(std::min(word.find_first_not_of('-'), word.size()))};
    std::ranges::transform(text, text.begin(), [](char c) {
        return c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return text;
}

/// The Damerau-Levenshtein distance with each letter in at most one swap (optimal string
/// alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last;
    std::vector<std::size_t> last(b.size() + 1);
    std::iota(last.begin(), last.end(), 0U);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::vector<std::size_t> row(b.size() + 1, i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        before_last = std::move(last);
        last = std::move(row);
    }
    return last.back();
}

/// How many typos a word of that length may have: any other word would be close to `ls`.
std::size_t most_slips(std::size_t length) {
    return length < 3 ? 0 : length < 6 ? 1 : length < 10 ? 2 : 3;
}

} // namespace

std::vector<std::string> nearest_words(std::string_view word,
                                       const std::vector<std::string>& known) {
    const std::string typed = without_dashes(word);
    if (typed.empty() || typed.size() > k_longest_word) {
        return {};
    }
    std::vector<std::string> nearest;
    std::vector<std::string> beginnings;
    std::size_t least = most_slips(typed.size());
    for (const std::string& name : known) {
        const std::string candidate = without_dashes(name);
        const std::size_t distance = edit_distance(typed, candidate);
        if (distance < least) {
            nearest.clear();
            least = distance;
        }
        if (distance == least) {
            nearest.push_back(name);
        }
        if (typed.size() >= k_shortest_beginning && candidate.starts_with(typed)) {
            beginnings.push_back(name);
        }
    }
    const bool exact = least == 0 && !nearest.empty();
    std::vector<std::string> found = exact || beginnings.empty() ? nearest : beginnings;
    found.resize(std::min(found.size(), k_most_suggestions));
    return found;
}

std::string did_you_mean(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text.empty() ? "" : "Did you mean " + text + "?";
}

} // namespace dbbackup::cli
