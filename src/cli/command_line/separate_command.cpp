#include "cli/command_line/separate_command.hpp"

#include <cstddef>
#include <string_view>

namespace dbbackup::cli {

namespace {

constexpr const char* k_command_with_command = "guard";
constexpr std::string_view k_dashes = "--";

bool takes_value(const std::vector<const CLI::App*>& apps, const std::string& name) {
    for (const CLI::App* app : apps) {
        if (const CLI::Option* option = app->get_option_no_throw(name)) {
            return option->get_items_expected_max() > 0;
        }
    }
    return false; // an unknown one is reported later
}

/// Whether the value of the option `word` is the next word.
bool wants_next_word(const std::vector<const CLI::App*>& apps, const std::string& word) {
    if (word.starts_with(k_dashes)) {
        return word.find('=') == std::string::npos && takes_value(apps, word);
    }
    // In bundled letters, the text after a letter that takes a value is its value.
    for (std::size_t i = 1; i < word.size(); ++i) {
        if (takes_value(apps, std::string{"-"} + word[i])) {
            return i + 1 == word.size();
        }
    }
    return false;
}

/// The position of the first word from `at` on that is neither an option nor an option's value.
std::size_t skip_options(const std::vector<const CLI::App*>& apps,
                         const std::vector<std::string>& words, std::size_t at) {
    while (at < words.size() && words[at].starts_with('-') && words[at] != k_dashes) {
        at += wants_next_word(apps, words[at]) ? 2 : 1;
    }
    return at;
}

} // namespace

std::vector<std::string> separate_command(const CLI::App& root, std::vector<std::string> words) {
    const std::size_t ours = skip_options({&root}, words, 0);
    if (ours >= words.size() || words[ours] != k_command_with_command) {
        return words;
    }
    const CLI::App* guard = root.get_subcommand(k_command_with_command);
    const std::size_t command = skip_options({guard, &root}, words, ours + 1);
    if (command < words.size() && words[command] != k_dashes) {
        words.insert(words.begin() + static_cast<std::ptrdiff_t>(command), std::string{k_dashes});
    }
    return words;
}

} // namespace dbbackup::cli
