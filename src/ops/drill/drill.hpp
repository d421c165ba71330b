#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/verify.hpp>
#include <dbbackup/store/manifest.hpp>

#include <optional>

namespace dbbackup::ops {

/// A dump that was read and is sound, and how to run its drill.
struct DrillJob {
    const VerifyRequest& request;
    const DrillOptions& options;
    const DumpFile& file;
    const CheckedDump& dump;
    const std::optional<store::Manifest>& manifest;
    const Context& context;
};

/// Restores the dump into a scratch database, dumps that again, and compares. Differences are in
/// the report. Throws DamagedDump if the dump itself is the reason that it cannot be restored, and
/// base::Error{failed} if it could not be tested.
[[nodiscard]] DrillReport run_drill(const DrillJob& job);

} // namespace dbbackup::ops
