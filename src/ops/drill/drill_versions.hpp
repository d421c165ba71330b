#pragma once

#include "ops/drill/drill.hpp"
#include "ops/restore/restore_hints.hpp"

#include <string>
#include <string_view>

namespace dbbackup::ops {

/// The version without its package: "15.20 (Debian 15.20-0+deb12u1)" → "15.20".
[[nodiscard]] std::string_view number_of_version(std::string_view version) noexcept;

/// The version of the server that was dumped, from the manifest or the head of the dump; empty if
/// unknown.
[[nodiscard]] const std::string& dumped_version(const DrillJob& job);

/// Throws base::Error{failed} that names both versions if the drill's server, of another major
/// version than the dump's, could not load a library.
void require_libraries(const DrillJob& job, const RefusedByServer& error,
                       const std::string& server_version);

/// Throws base::Error{failed} if the version of the drill's server, `server_version`, may be why it
/// refused a statement of the dump: PostgreSQL restores what the dump's own server accepted only
/// into that version, and what pg_dump wrote only into servers from its own version on.
void require_refusal_by_dump(const DrillJob& job, const RefusedByServer& error,
                             const std::string& server_version);

} // namespace dbbackup::ops
