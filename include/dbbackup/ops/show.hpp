#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/ops/listener.hpp>
#include <dbbackup/store/dump_query.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace dbbackup::ops {

struct ShowRequest {
    std::filesystem::path directory;
    std::string dump; ///< as store::resolve_dump takes it
    store::LatestChoice latest = {};
    base::CommandLine command_line = {}; ///< for hints
};

struct ShowReport {
    std::string path;
    store::DumpEntry entry; ///< with its manifest
    base::UtcTime now;      ///< when it was looked at
};

/// One dump with its manifest. Throws base::Error where there is no such dump, or no manifest that
/// can be read.
[[nodiscard]] ShowReport show(const ShowRequest& request, Listener& listener,
                              const base::Clock& clock);

} // namespace dbbackup::ops
