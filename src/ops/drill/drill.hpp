#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/verify.hpp>
#include <dbbackup/store/manifest.hpp>

#include <optional>

namespace dbbackup::ops {

/// A dump that was read and found sound, and what it is to be tried with.
struct DrillJob {
    const VerifyRequest& request;
    const DrillOptions& options;
    const DumpFile& file;
    const CheckedDump& dump;
    const std::optional<store::Manifest>& manifest;
    const Context& context;
};

/// Restores the dump into a scratch database, dumps that again, and compares. What differs is in
/// the report. Throws DamagedDump if the dump cannot be restored by its own fault, and
/// base::Error{failed} where it could not be tried.
[[nodiscard]] DrillReport run_drill(const DrillJob& job);

} // namespace dbbackup::ops
