#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <filesystem>
#include <vector>

namespace dbbackup::ops {

struct ListRequest {
    std::filesystem::path directory;
};

struct ListReport {
    std::filesystem::path directory;
    base::UtcTime now;                   ///< what ages are counted from
    std::vector<store::DumpEntry> dumps; ///< newest first
};

/// All dumps of a directory. Throws base::Error where the directory is not there.
[[nodiscard]] ListReport list(const ListRequest& request, const base::Clock& clock);

} // namespace dbbackup::ops
