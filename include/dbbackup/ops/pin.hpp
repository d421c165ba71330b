#pragma once

#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/dump_query.hpp>
#include <dbbackup/store/manifest_update.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace dbbackup::ops {

struct PinRequest {
    std::filesystem::path directory;
    std::string dump; ///< see store::resolve_dump
    store::LatestChoice latest = {};
    store::Pinned pinned = store::Pinned::yes;
    base::CommandLine command_line = {}; ///< for hints
};

struct PinReport {
    std::string path;
    bool pinned = false; ///< now
    store::Change change = store::Change::none;
};

/// Pins or unpins a dump. Throws base::Error if no dump or several match, if it belongs to an
/// untrusted user, or if its manifest cannot be changed.
[[nodiscard]] PinReport pin(const PinRequest& request, const Context& context);

} // namespace dbbackup::ops
