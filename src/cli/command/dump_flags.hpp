#pragma once

#include "cli/command/remote_flags.hpp"
#include "cli/command/retention_flags.hpp"
#include "cli/settings/settings.hpp"

#include <dbbackup/ops/dump.hpp>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// What to dump and how, for `dump` and `guard`.
struct DumpFlags {
    std::string format = "plain";
    std::optional<std::string> compress;
    pg::DumpOptions options;
    bool schema_only = false;
    bool data_only = false;
    std::optional<std::string> lock_wait_timeout;
    std::optional<std::string> label;
    std::vector<std::string> recipients;
    CLI::Option* identity = nullptr;
    bool pin = false;
    RetentionFlags retention;
    ToFlag to;

    void add_to(CLI::App& app);
    /// Whether --identity was given, not only its variable.
    [[nodiscard]] bool names_identity() const { return identity->count() > 0; }

    /// pg_dump reads unquoted upper case as lower case: a user who means a table "Orders" must not
    /// get another one without a warning.
    void warn_of_folded_names(ops::Listener& listener) const;

    /// `extra` is passed to pg_dump unchanged. Throws base::Error{usage}.
    [[nodiscard]] ops::DumpRequest to_request(const Settings& settings,
                                              const std::vector<std::string>& extra) const;
};

} // namespace dbbackup::cli
