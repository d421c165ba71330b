#pragma once

#include "ops/dump/archive_writer.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/ops/dump.hpp>
#include <dbbackup/store/manifest.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What only the run knows about a dump.
struct DumpFacts {
    std::vector<std::string> options; ///< given to pg_dump, without the connection
    base::UtcTime started_at;
    base::UtcTime finished_at;
    std::chrono::milliseconds duration;
};

/// The record of a dump that has been written under `file_name`.
[[nodiscard]] store::Manifest make_manifest(const DumpRequest& request,
                                            const std::string& tool_version,
                                            const ServerAccess& access,
                                            const std::string& file_name,
                                            const WrittenArchive& written, const DumpFacts& facts);

} // namespace dbbackup::ops
