#include "ops/status/judge_status.hpp"
#include "ops/status/status_survey.hpp"

#include <dbbackup/store/existing_directory.hpp>
#include <dbbackup/sys/signals.hpp>

namespace dbbackup::ops {

namespace {

/// Longer than the time between two renames of a run, even on a slow disk.
constexpr std::chrono::milliseconds k_pause{200};

} // namespace

StatusReport status(const StatusRequest& request, const base::Clock& clock) {
    const auto directory = store::open_existing(request.directory, request.command_line);
    return judge_status(request,
                        survey_dumps(directory, clock, [] { sys::interruptible_sleep(k_pause); }));
}

} // namespace dbbackup::ops
