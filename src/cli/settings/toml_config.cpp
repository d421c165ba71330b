#include "cli/settings/toml_config.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <iterator>

// toml++ 3.3 asserts (or, with NDEBUG, lets the compiler assume) a condition that a file such as
// "[[[" violates, and reports the error right after.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

namespace dbbackup::cli {

namespace {

[[noreturn]] void throw_mistake(const toml::source_position& place, const std::string& what) {
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("the configuration file is wrong in line {}, column {}: {}",
                                  place.line, place.column, what),
                      "It is TOML: key = \"text\", key = true or key = [\"a\", \"b\"], and the "
                      "options of a command below [command]."};
}

std::string value_text(const toml::node& node) {
    if (const auto* text = node.as_string()) {
        return text->get();
    }
    if (const auto* flag = node.as_boolean()) {
        return flag->get() ? "true" : "false";
    }
    if (const auto* number = node.as_integer()) {
        return std::to_string(number->get());
    }
    throw_mistake(node.source().begin, "a value must be a text, a whole number, true or false");
}

void add_items(const toml::table& table, const std::vector<std::string>& parents,
               std::vector<CLI::ConfigItem>& items) {
    for (const auto& [key, node] : table) {
        const std::string name{key.str()};
        if (const auto* inner = node.as_table()) {
            std::vector<std::string> inner_parents = parents;
            inner_parents.push_back(name);
            if (inner->empty()) {
                items.emplace_back().parents = inner_parents;
            }
            add_items(*inner, inner_parents, items);
            continue;
        }
        CLI::ConfigItem& item = items.emplace_back();
        item.parents = parents;
        item.name = name;
        if (const auto* list = node.as_array()) {
            for (const toml::node& element : *list) {
                item.inputs.push_back(value_text(element));
            }
        } else {
            item.inputs.push_back(value_text(node));
        }
    }
}

} // namespace

std::vector<CLI::ConfigItem> TomlConfig::from_config(std::istream& input) const {
    std::vector<CLI::ConfigItem> read;
    try {
        // Not from the stream: toml++ seeks back in it, which fails for a pipe.
        const std::string named{std::istreambuf_iterator<char>{input}, {}};
        add_items(toml::parse(find_unnamed_().value_or(named)), {}, read);
    } catch (const toml::parse_error& error) {
        // Its description repeats the text, which may contain a password.
        throw_mistake(error.source().begin, "not valid TOML");
    }
    std::erase_if(read, set_elsewhere_);
    complete_(read);
    return read;
}

std::string TomlConfig::to_config(const CLI::App* /*app*/, bool /*default_also*/,
                                  bool /*write_description*/, std::string /*prefix*/) const {
    return {}; // we never write a configuration
}

} // namespace dbbackup::cli
