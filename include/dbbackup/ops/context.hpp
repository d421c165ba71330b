#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/ops/listener.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What an operation needs of the program that runs it, whatever it is asked to do.
struct Context {
    Listener& listener;
    const base::Clock& clock;
    /// The only directory to look for PostgreSQL's programs in; if there is none, the usual places.
    std::optional<std::filesystem::path> bin_dir = std::nullopt;
    /// The caller's, as "NAME=value": what PATH it has, and how it authenticates.
    std::vector<std::string> environment = {};
    std::string tool_version = {}; ///< for manifests
};

} // namespace dbbackup::ops
