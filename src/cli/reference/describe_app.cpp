#include "cli/reference/describe_app.hpp"

#include <algorithm>
#include <set>
#include <sstream>

namespace dbbackup::cli {

namespace {

struct KnownValue {
    std::string_view name;
    ValueKind kind;
    std::vector<std::string> choices;
};

/// By the name of a value: CLI11 knows nothing else about it.
const KnownValue* find_known_value(const std::string& name) {
    static const std::vector<KnownValue> k_known{
        {.name = "FILE", .kind = ValueKind::file, .choices = {}},
        {.name = "DIR", .kind = ValueKind::directory, .choices = {}},
        {.name = "DUMP", .kind = ValueKind::dump, .choices = {}},
        {.name = "METHOD", .kind = ValueKind::choice, .choices = {"gzip", "zstd", "none"}},
    };
    const auto found = std::ranges::find(k_known, name, &KnownValue::name);
    return found == k_known.end() ? nullptr : &*found;
}

/// CLI11 keeps the choices of IsMember only in the name of the type: `FORMAT:{plain,custom,p,c}`.
/// One-letter abbreviations are left out.
std::vector<std::string> choices_in(const std::string& type_name) {
    std::vector<std::string> choices;
    const std::size_t open = type_name.find(":{");
    const std::size_t close = type_name.find('}', open == std::string::npos ? 0 : open);
    if (open == std::string::npos || close == std::string::npos) {
        return choices;
    }
    std::istringstream list{type_name.substr(open + 2, close - open - 2)};
    for (std::string choice; std::getline(list, choice, ',');) {
        if (choice.size() > 1) {
            choices.push_back(choice);
        }
    }
    return choices;
}

/// Sorted by name: CLI11 sorts them by address.
std::vector<std::string> names_of(const std::set<CLI::Option*>& options) {
    std::vector<std::string> names;
    names.reserve(options.size());
    for (const CLI::Option* option : options) {
        names.push_back(option->get_name(option->get_positional()));
    }
    std::ranges::sort(names);
    return names;
}

void describe_value(const CLI::Option& option, OptionDescription& description) {
    const std::string type_name = option.get_type_name();
    description.value_name = type_name.substr(0, type_name.find(":{"));
    if (option.get_positional() && description.value_name == "TEXT") {
        description.value_name = option.get_name(true); // it has no better one
    }
    description.choices = choices_in(type_name);
    description.kind = description.choices.empty() ? ValueKind::text : ValueKind::choice;
    if (const KnownValue* known = find_known_value(description.value_name)) {
        description.kind = known->kind;
        description.choices = known->choices;
    }
    description.repeatable = option.get_items_expected_max() > 1;
    if (description.text.find("default") == std::string::npos) {
        description.default_value = option.get_default_str();
    }
}

OptionDescription describe(const CLI::Option& option) {
    OptionDescription description;
    for (const std::string& name : option.get_snames()) {
        description.short_names.push_back("-" + name);
    }
    for (const std::string& name : option.get_lnames()) {
        description.long_names.push_back("--" + name);
    }
    description.text = option.get_description();
    description.required = option.get_required();
    description.needs = names_of(option.get_needs());
    description.excludes = names_of(option.get_excludes());
    if (option.get_items_expected_max() > 0) {
        describe_value(option, description);
    }
    return description;
}

} // namespace

CommandDescription describe_app(const CLI::App& root, const std::vector<Command>& commands) {
    CommandDescription description;
    description.name = root.get_name();
    description.aliases = root.get_aliases();
    description.text = root.get_description();
    for (const CLI::Option* option : root.get_options()) {
        const bool is_hidden = option->get_group().empty();
        const bool is_of_the_root = root.get_parent() != nullptr && option == root.get_help_ptr();
        if (is_hidden || is_of_the_root) {
            continue;
        }
        auto& list = option->get_positional() ? description.arguments : description.options;
        list.push_back(describe(*option));
    }
    for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; })) {
        description.commands.push_back(describe_app(*app, commands));
    }
    const auto command = std::ranges::find(commands, &root, &Command::app);
    if (command != commands.end()) {
        description.after_dashes = command->after_dashes;
    }
    return description;
}

} // namespace dbbackup::cli
