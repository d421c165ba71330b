#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// Reads CLI11's configuration by a real TOML parser: CLI11's own cuts values at a `#` within
/// quotes and takes nearly anything for TOML. Keys are long option names; a command's stand in a
/// table of its name. What the environment sets is left out, since CLI11 lets the configuration
/// beat it.
///
/// CLI11 opens a file by its name and hands over the stream. That will do for a file that the user
/// named. Any other must be read from the descriptor that was checked, so its content comes from
/// `find_unnamed`, and CLI11 is given k_nothing to open.
class TomlConfig : public CLI::Config {
public:
    /// The default of the option that names the file.
    static constexpr const char* k_nothing = "/dev/null";

    /// `set_elsewhere` tells of an item whether it is passed over: the environment has its value,
    /// or it is the matter of another command.
    /// `find_unnamed` returns the configuration to read in the place of the stream, or nothing if
    /// the user named a file.
    TomlConfig(std::function<bool(const CLI::ConfigItem&)> set_elsewhere,
               std::function<std::optional<std::string>()> find_unnamed)
        : set_elsewhere_(std::move(set_elsewhere)), find_unnamed_(std::move(find_unnamed)) {}

    /// Throws base::Error{usage} with the place of the mistake, but nothing of the text there.
    [[nodiscard]] std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;

    [[nodiscard]] std::string to_config(const CLI::App* app, bool default_also,
                                        bool write_description, std::string prefix) const override;

private:
    std::function<bool(const CLI::ConfigItem&)> set_elsewhere_;
    std::function<std::optional<std::string>()> find_unnamed_;
};

} // namespace dbbackup::cli
