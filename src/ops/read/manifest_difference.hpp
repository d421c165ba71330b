#pragma once

#include "ops/read/dump_file.hpp"

#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/store/manifest.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// Something in which a dump is not what its manifest says.
struct ManifestDifference {
    std::string text;  ///< to follow on "it "
    std::string table; ///< "schema.table", safe to print; empty if it is not one table's
};

/// Where a dump as it was read differs from its manifest: what is inside first, which says more
/// than that the sum differs.
[[nodiscard]] std::vector<ManifestDifference> differences_of(const store::Manifest& manifest,
                                                             const DumpPass& pass,
                                                             const pg::DumpContents& contents);

/// The same of the file alone.
[[nodiscard]] std::vector<ManifestDifference> differences_of_file(const store::Manifest& manifest,
                                                                  const DumpPass& pass);

/// Contents as a manifest records them.
[[nodiscard]] store::Manifest::Contents to_manifest(const pg::DumpContents& scanned);

} // namespace dbbackup::ops
