#pragma once

#include "cli/settings/settings.hpp"

#include <dbbackup/store/dump_query.hpp>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// The help text for a dump, the same for every command.
inline constexpr const char* k_dump_text =
    "A path, a name or the beginning of one, a label, latest or latest~N";

/// The flags that choose a dump, together with its name.
struct DumpChoiceFlags {
    std::optional<std::string> before;
    bool accept_partial = false;

    /// Both only apply to `latest`, so neither belongs in a configuration.
    void add_to(CLI::App& app, const std::string& accept_partial_text =
                                   "Let latest be a dump of a part of the database");

    /// Whether the option `name` of `command` is one of these, or limits "latest" like them.
    [[nodiscard]] static bool is_one(const CLI::App& command, const std::string& name);

    /// What "latest" among `dumps` means. Throws base::Error{usage} for a URL instead of a dump,
    /// and for an invalid time.
    [[nodiscard]] store::LatestChoice to_choice(const std::vector<std::string>& dumps,
                                                const Settings& settings) const;
};

} // namespace dbbackup::cli
