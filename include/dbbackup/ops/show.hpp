#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/dump_query.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

struct ShowRequest {
    std::filesystem::path directory;
    std::string dump; ///< as store::resolve_dump takes it
    store::LatestChoice latest = {};
    base::CommandLine command_line = {}; ///< for hints
};

/// What a dump that has no manifest holds, as reading it to its end told.
struct ReadDump {
    std::string sha256; ///< of the file
    std::uint64_t sql_size = 0;
    std::string database; ///< that an archive, or else the file's name, says it is of; or empty
    std::string part;     ///< "only rows" where its contents betray that it is one; else empty
    store::Manifest::Contents contents;
};

struct ShowReport {
    std::string path;
    store::DumpEntry entry;
    std::optional<ReadDump> read; ///< where it has no manifest
    base::UtcTime now;            ///< when it was looked at
};

/// One dump with its manifest; one that has none is read. Throws base::Error if there is no such
/// dump, or its manifest, or the dump that has none, cannot be read.
[[nodiscard]] ShowReport show(const ShowRequest& request, const Context& context);

} // namespace dbbackup::ops
