#pragma once

#include "ops/read/dump_file.hpp"

#include <dbbackup/pg/dump_summary.hpp>
#include <dbbackup/store/manifest.hpp>

#include <optional>
#include <string>

namespace dbbackup::ops {

/// A dump that was read from end to end and found sound.
struct CheckedDump : pg::DumpSummary {
    DumpPass pass;
};

/// Reads all of `file` and requires that it is complete, safe to run, and equal to `manifest` where
/// there is one. Throws DamagedDump that says what is wrong and where, and base::Error{failed}
/// if it could not be read to its end, though as far as can be told it is not at fault.
[[nodiscard]] CheckedDump check_dump(const DumpFile& file,
                                     const std::optional<store::Manifest>& manifest,
                                     const ChildWatch& watch);

} // namespace dbbackup::ops
