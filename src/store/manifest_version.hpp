#pragma once

namespace dbbackup::store {

// The format that docs/manifest.md describes. What is only added raises the minor version: it is
// passed over by whoever knows less.
inline constexpr unsigned k_manifest_major = 1;
inline constexpr unsigned k_manifest_minor = 1;

} // namespace dbbackup::store
