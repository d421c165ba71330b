#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/dump.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace dbbackup::ops {

/// A dump of all that a database holds, before `deed` ("a restore") replaces some of it.
[[nodiscard]] DumpRequest safety_request(const pg::Connection& connection,
                                         const std::filesystem::path& directory,
                                         std::chrono::milliseconds lock_timeout,
                                         const std::string& deed, const Context& context);

/// `error`, which left the target unchanged, with what else it left behind: the safety dump `path`,
/// if one was taken.
[[nodiscard]] base::Error with_safety_dump(const base::Error& error,
                                           const std::optional<std::string>& path);

} // namespace dbbackup::ops
