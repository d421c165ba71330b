#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// A table [database.NAME] of the configuration: where the database is, and its own settings.
struct DatabaseSection {
    std::string name;
    std::optional<std::string> url;
    std::optional<std::string> url_variable; ///< the variable that holds the URL
    /// For any command: by the option's name without dashes. An empty list leaves it unset.
    std::map<std::string, std::vector<std::string>> settings;

    /// "[database.shop]"
    [[nodiscard]] std::string text() const;
};

/// All of them.
class Databases {
public:
    /// Takes `item` if it is in such a table; false if it is not. An item without a name is an
    /// empty table.
    bool take(const CLI::ConfigItem& item);

    /// Throws base::Error{usage} if a section has no URL or two, or a key that no command of `root`
    /// has.
    void require_sound(const CLI::App& root) const;

    [[nodiscard]] bool empty() const noexcept { return sections_.empty(); }

    /// Nothing if there is no such section.
    [[nodiscard]] const DatabaseSection* find(const std::string& name) const;

    /// By name.
    [[nodiscard]] std::vector<const DatabaseSection*> all() const;

    /// Throws base::Error{usage}: there is no section `name`. It says which there are, or how to
    /// write one.
    [[noreturn]] void throw_unknown(const std::string& name) const;

private:
    std::map<std::string, DatabaseSection> sections_;
};

/// How to write a section, as a sentence.
[[nodiscard]] std::string section_example();

/// Puts the settings of `section` that `command` has before those of its own table in `items`, and
/// drops the latter: the section counts more.
void apply_section(const DatabaseSection& section, const CLI::App& command,
                   std::vector<CLI::ConfigItem>& items);

} // namespace dbbackup::cli
