#pragma once

#include <dbbackup/ops/import.hpp>

#include <string>

namespace dbbackup::cli {

/// Reads a map for `import`: docs/manual/bring-rows-back.md. Throws base::Error{usage} with the
/// place of a mistake.
[[nodiscard]] ops::VersionedMap read_import_map(const std::string& path);

} // namespace dbbackup::cli
