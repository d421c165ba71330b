#pragma once

#include "cli/command/commands.hpp"
#include "cli/settings/settings.hpp"

#include <dbbackup/ops/copies.hpp>
#include <dbbackup/store/remote.hpp>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// --from NAME: work on the copies at a remote.
struct FromFlag {
    std::optional<std::string> from;

    CLI::Option* add_to(CLI::App& app, const std::string& text);
    /// Throws base::Error{usage} if the configuration has no such remote, or if it is the dump
    /// directory itself.
    [[nodiscard]] std::optional<store::RemoteSettings> remote(const Settings& settings) const;
    /// The same for a command that needs one.
    [[nodiscard]] store::RemoteSettings required_remote(const Settings& settings) const;
};

/// --to NAME: copy dumps to remotes.
struct ToFlag {
    std::vector<std::string> to;

    CLI::Option* add_to(CLI::App& app, const std::string& text);
    /// Each once, in the order given. Throws likewise.
    [[nodiscard]] std::vector<store::RemoteSettings> remotes(const Settings& settings) const;
    /// The same for a command that needs at least one.
    [[nodiscard]] std::vector<store::RemoteSettings>
    required_remotes(const Settings& settings) const;
};

/// All of the configuration. Throws likewise.
[[nodiscard]] std::vector<store::RemoteSettings> all_remotes(const Settings& settings);

/// With --from: fetches the copy that `dump` means, and makes it the path of the fetched file,
/// which commands that `invocation` suggests name as the copy. Keep the result for as long as that
/// is needed.
[[nodiscard]] std::unique_ptr<ops::FetchedCopy>
fetch(const FromFlag& from, std::string& dump, store::LatestChoice& latest, Invocation& invocation);

} // namespace dbbackup::cli
