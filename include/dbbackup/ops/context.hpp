#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/ops/listener.hpp>

#include <filesystem>
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
};

} // namespace dbbackup::ops
