#pragma once

#include "ops/read/dump_file.hpp"

#include <dbbackup/pg/dump_summary.hpp>
#include <dbbackup/store/manifest.hpp>

#include <optional>
#include <string>

namespace dbbackup::ops {

/// A dump that was read in full and is sound.
struct CheckedDump : pg::DumpSummary {
    DumpPass pass;
};

/// Reads all of `file` and requires that it is complete, safe to run, and equal to `manifest`, if
/// there is one. Throws DamagedDump with the damage and its place, and base::Error{failed} if it
/// could not be read in full but does not seem to be damaged.
[[nodiscard]] CheckedDump check_dump(const DumpFile& file,
                                     const std::optional<store::Manifest>& manifest,
                                     const ChildWatch& watch);

} // namespace dbbackup::ops
