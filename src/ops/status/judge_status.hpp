#pragma once

#include <dbbackup/ops/status.hpp>
#include <dbbackup/store/leftovers.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// A manifest whose dump is gone, or not a regular file.
struct LostDump {
    std::string name;                    ///< of the dump
    std::optional<std::string> database; ///< from the manifest or the name, if known
};

/// The content of a dump directory, for judge_status().
struct StatusSurvey {
    std::vector<store::DumpEntry> dumps;
    std::vector<LostDump> lost;
    std::vector<store::Leftover> leftovers; ///< also files of running runs
    std::uint64_t free_bytes = 0;
    base::UtcTime now;
};

/// The report for `request`. Pure: uses no directory and no clock.
[[nodiscard]] StatusReport judge_status(const StatusRequest& request, const StatusSurvey& survey);

} // namespace dbbackup::ops
