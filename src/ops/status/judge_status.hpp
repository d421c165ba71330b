#pragma once

#include <dbbackup/ops/status.hpp>
#include <dbbackup/store/leftovers.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// A manifest whose dump is gone, or no regular file.
struct LostDump {
    std::string name;                    ///< of the dump
    std::optional<std::string> database; ///< as far as manifest or name say it
};

/// What lies in a dump directory, for judge_status() to look at.
struct StatusSurvey {
    std::vector<store::DumpEntry> dumps;
    std::vector<LostDump> lost;
    std::vector<store::Leftover> leftovers; ///< also of runs that are under way
    std::uint64_t free_bytes = 0;
    base::UtcTime now;
};

/// The report of what `request` asks for: pure, it looks at no directory and no clock.
[[nodiscard]] StatusReport judge_status(const StatusRequest& request, const StatusSurvey& survey);

} // namespace dbbackup::ops
