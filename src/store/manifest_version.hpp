#pragma once

namespace dbbackup::store {

// The format that docs/manifest.md describes. Additions raise only the minor version: older
// versions ignore them.
inline constexpr unsigned k_manifest_major = 1;
inline constexpr unsigned k_manifest_minor = 4;
/// Of sealed dumps: older versions must not take such a record for a whole one.
inline constexpr unsigned k_sealed_major = 2;
inline constexpr unsigned k_sealed_minor = 1;
/// Of roles and tablespaces: older versions must not take them for a dump of a database.
inline constexpr unsigned k_globals_major = 3;
inline constexpr unsigned k_globals_minor = 0;
inline constexpr const char* k_globals_kind = "globals";

} // namespace dbbackup::store
