#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <istream>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// Reads CLI11's configuration by a real TOML parser: CLI11's own cuts values at a `#` within
/// quotes and takes nearly anything for TOML. Keys are long option names; a command's stand in a
/// table of its name. What the environment sets is left out, since CLI11 lets the configuration
/// beat it.
class TomlConfig : public CLI::Config {
public:
    /// `set_elsewhere` tells of a key of the top level whether the environment has its value.
    explicit TomlConfig(std::function<bool(const std::string&)> set_elsewhere)
        : set_elsewhere_(std::move(set_elsewhere)) {}

    /// Throws base::Error{usage} with the place of the mistake, but nothing of the text there.
    [[nodiscard]] std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;

    [[nodiscard]] std::string to_config(const CLI::App* app, bool default_also,
                                        bool write_description, std::string prefix) const override;

private:
    std::function<bool(const std::string&)> set_elsewhere_;
};

} // namespace dbbackup::cli
