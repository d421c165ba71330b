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
    std::string dump; ///< see store::resolve_dump
    store::LatestChoice latest = {};
    base::CommandLine command_line = {}; ///< for hints
};

/// The content of a dump without a manifest, found by reading all of it.
struct ReadDump {
    std::string sha256; ///< of the file
    std::uint64_t sql_size = 0;
    std::string database; ///< according to the archive, or else to the file's name; or empty
    std::string part;     ///< "only rows", if its content shows that; else empty
    store::Manifest::Contents contents;
};

struct ShowReport {
    std::string path;
    store::DumpEntry entry;
    std::optional<ReadDump> read; ///< if it has no manifest
    base::UtcTime now;            ///< the time of this report
};

/// One dump with its manifest; a dump without one is read. Throws base::Error if there is no such
/// dump, or if its manifest, or a dump without one, cannot be read.
[[nodiscard]] ShowReport show(const ShowRequest& request, const Context& context);

} // namespace dbbackup::ops
