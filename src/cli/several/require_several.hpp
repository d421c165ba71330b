#pragma once

#include "cli/settings/settings.hpp"
#include "cli/several/section_runs.hpp"

#include <string>
#include <vector>

namespace dbbackup::cli {

/// What --all is to do: a run for each section. Throws base::Error{usage} if there is none, if the
/// command line also names a database or holds a secret, or if two sections are of one database.
[[nodiscard]] std::vector<SectionRun> require_several(const Settings& settings,
                                                      const std::vector<std::string>& words);

/// `words` for a run that is a part of this one: we send the pings and run the hooks.
[[nodiscard]] std::vector<std::string> unnotified(std::vector<std::string> words);

} // namespace dbbackup::cli
