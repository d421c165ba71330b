#pragma once

#include "ops/dump_file.hpp"

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/store/manifest.hpp>

#include <optional>
#include <string>

namespace dbbackup::ops {

/// A dump that was read from end to end and found sound.
struct CheckedDump {
    DumpPass pass;
    pg::DumpContents contents;
    pg::DumpInventory inventory;
};

/// Reads all of `file` and requires that it is complete, safe to run, and equal to `manifest` where
/// there is one. Throws base::Error{damaged} that says what is wrong.
[[nodiscard]] CheckedDump check_dump(const DumpFile& file,
                                     const std::optional<store::Manifest>& manifest,
                                     const ChildWatch& watch);

/// Reads all of `file`, not its SQL, and requires that it is the one of `manifest`, from which the
/// contents are taken; the inventory is empty. Throws base::Error{damaged}.
[[nodiscard]] CheckedDump check_file(const DumpFile& file, const store::Manifest& manifest);

/// Where a file as it was read differs from its manifest, to follow on "it ", or nothing.
[[nodiscard]] std::string difference_from(const store::Manifest& manifest, const DumpPass& pass,
                                          const pg::DumpContents& contents);

/// The same of the file alone.
[[nodiscard]] std::string difference_of_file(const store::Manifest& manifest, const DumpPass& pass);

/// Contents as a manifest records them.
[[nodiscard]] store::Manifest::Contents to_manifest(const pg::DumpContents& scanned);

} // namespace dbbackup::ops
