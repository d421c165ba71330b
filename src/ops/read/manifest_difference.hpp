#pragma once

#include "ops/read/dump_file.hpp"

#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/store/manifest.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// A difference between a dump and its manifest.
struct ManifestDifference {
    std::string text;  ///< follows "it "
    std::string table; ///< "schema.table", safe to print; empty if not of a single table
};

/// The differences between a dump, as read, and its manifest: the content first, which says more
/// than a different checksum.
[[nodiscard]] std::vector<ManifestDifference> differences_of(const store::Manifest& manifest,
                                                             const DumpPass& pass,
                                                             const pg::DumpContents& contents);

/// The same, for the file only.
[[nodiscard]] std::vector<ManifestDifference> differences_of_file(const store::Manifest& manifest,
                                                                  const DumpPass& pass);

/// Contents as a manifest records them.
[[nodiscard]] store::Manifest::Contents to_manifest(const pg::DumpContents& scanned);

} // namespace dbbackup::ops
