#pragma once

#include "cli/settings/settings.hpp"

#include <dbbackup/store/remote.hpp>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// --from NAME: work on the copies at a remote.
struct FromFlag {
    std::optional<std::string> from;

    CLI::Option* add_to(CLI::App& app, const std::string& text);
    /// Throws base::Error{usage} if the configuration has no such remote.
    [[nodiscard]] std::optional<store::RemoteSettings> remote(const Settings& settings) const;
};

/// --to NAME: copy dumps to remotes.
struct ToFlag {
    std::vector<std::string> to;

    CLI::Option* add_to(CLI::App& app, const std::string& text);
    /// Each once, in the order given. Throws likewise.
    [[nodiscard]] std::vector<store::RemoteSettings> remotes(const Settings& settings) const;
};

} // namespace dbbackup::cli
