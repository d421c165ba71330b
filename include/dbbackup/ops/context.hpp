#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/ops/identity.hpp>
#include <dbbackup/ops/listener.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What every operation needs from the program that runs it.
struct Context {
    Listener& listener;
    const base::Clock& clock;
    /// The only directory to search for PostgreSQL's programs; if not set, the usual places.
    std::optional<std::filesystem::path> bin_dir = std::nullopt;
    /// The caller's, as "NAME=value": for PATH and authentication.
    std::vector<std::string> environment = {};
    std::string tool_version = {}; ///< for manifests
    /// Opens sealed dumps; null if there is none.
    std::shared_ptr<const IdentityFile> identity = {};
    /// For whom safety dumps are sealed, as configured (see parse_recipients); if empty, they are
    /// not.
    std::vector<std::string> recipients = {};
};

} // namespace dbbackup::ops
