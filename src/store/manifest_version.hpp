#pragma once

namespace dbbackup::store {

// The format that docs/manifest.md describes. Additions raise only the minor version: older
// versions ignore them.
inline constexpr unsigned k_manifest_major = 1;
inline constexpr unsigned k_manifest_minor = 3;

} // namespace dbbackup::store
