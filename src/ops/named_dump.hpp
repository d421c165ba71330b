#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/ops/listener.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace dbbackup::ops {

/// store::resolve_dump, which tells the listener what a person should know of the choice.
[[nodiscard]] store::FoundDump find_named_dump(const std::filesystem::path& directory,
                                               const std::string& reference,
                                               const std::optional<std::string>& database,
                                               Listener& listener, const base::Clock& clock,
                                               store::Match match = store::Match::whole);

} // namespace dbbackup::ops
