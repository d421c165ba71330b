#pragma once

#include <dbbackup/ops/status.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// Dumps, the newest first.
using Dumps = std::vector<const store::DumpEntry*>;

/// The later start is newer, or else the greater name. For dumps that have a time.
[[nodiscard]] bool is_newer(const store::DumpEntry* a, const store::DumpEntry* b);

/// How many dumps or tables a warning names.
inline constexpr std::size_t k_most_shown = 5;

/// The problem of `dumps`, which must not be empty: "'x.sql', newer than any good dump, is damaged:
/// PROBLEM". A dump newer than any good dump is `unhealthy`, the rest is `told`. `state` is "is
/// damaged" or the like.
[[nodiscard]] StatusWarning problem_of(WarningKind kind, Gravity gravity, const Dumps& dumps,
                                       const std::string& state);

/// The warning that `dumps`, which must not be empty, belong to untrusted users.
[[nodiscard]] StatusWarning foreign_dumps(const Dumps& dumps);

} // namespace dbbackup::ops
