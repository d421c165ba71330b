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
    std::string dump; ///< as store::resolve_dump takes it
    store::LatestChoice latest = {};
    store::Pinned pinned = store::Pinned::yes;
    base::CommandLine command_line = {}; ///< for hints
};

struct PinReport {
    std::string path;
    bool pinned = false; ///< now
    store::Change change = store::Change::none;
};

/// Marks a dump as one that prune keeps, or takes the mark away. Throws base::Error if there is
/// no such dump, or several are meant, it is a stranger's, or its manifest cannot be changed.
[[nodiscard]] PinReport pin(const PinRequest& request, const Context& context);

} // namespace dbbackup::ops
