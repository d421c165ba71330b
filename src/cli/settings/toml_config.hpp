#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// Reads CLI11's configuration with a real TOML parser: CLI11's own cuts values at a `#` within
/// quotes and accepts nearly anything as TOML. Keys are long option names; a command's keys are in
/// a table with its name. Options set by the environment are left out, because CLI11 lets the
/// configuration beat it.
///
/// CLI11 opens a file by name and passes the stream. That works for a file that the user named. Any
/// other file must be read from the checked descriptor, so its content comes from `find_unnamed`,
/// and CLI11 opens k_stand_in instead.
class TomlConfig : public CLI::Config {
public:
    /// The default of the option that names the file: an empty one, by a name that nobody types,
    /// since CLI11 2.4 already counts the default as given when the file is read.
    static constexpr const char* k_stand_in = "/dev/./null";

    /// Whether the user named a file with `option`.
    [[nodiscard]] static bool is_named(const CLI::Option& option) {
        return option.count() > 0 && option.results().front() != k_stand_in;
    }

    /// `set_elsewhere` says whether to skip an item: the environment sets it, or it belongs to
    /// another command. An item without a name is an empty table, one without values an empty list.
    /// `complete` changes what is left, once all of the file is known. `find_unnamed` returns the
    /// configuration to read instead of the stream, or nothing if the user named a file.
    TomlConfig(std::function<bool(const CLI::ConfigItem&)> set_elsewhere,
               std::function<void(std::vector<CLI::ConfigItem>&)> complete,
               std::function<std::optional<std::string>()> find_unnamed)
        : set_elsewhere_(std::move(set_elsewhere)), complete_(std::move(complete)),
          find_unnamed_(std::move(find_unnamed)) {}

    /// Throws base::Error{usage} with the position of the error, but without the text there.
    [[nodiscard]] std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;

    [[nodiscard]] std::string to_config(const CLI::App* app, bool default_also,
                                        bool write_description, std::string prefix) const override;

private:
    std::function<bool(const CLI::ConfigItem&)> set_elsewhere_;
    std::function<void(std::vector<CLI::ConfigItem>&)> complete_;
    std::function<std::optional<std::string>()> find_unnamed_;
};

} // namespace dbbackup::cli
