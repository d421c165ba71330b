#include "ops/judge_status.hpp"
#include "ops/status_survey.hpp"

#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/sys/signals.hpp>

#include <cerrno>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// Longer than a run takes between two names that it gives, a slow disk included.
constexpr std::chrono::milliseconds k_pause{200};

store::DumpDirectory open_directory(const StatusRequest& request) {
    try {
        return store::DumpDirectory::open(request.directory);
    } catch (const base::SystemError& error) {
        if (error.error_number() != ENOENT) {
            throw;
        }
        throw base::Error{error.kind(), error.what(),
                          fmt::format("If there are no dumps yet, take the first: {}. Else name "
                                      "their directory with --dir.",
                                      request.command_line.another({"dump"}))};
    }
}

} // namespace

StatusReport status(const StatusRequest& request, const base::Clock& clock) {
    const auto directory = open_directory(request);
    return judge_status(request,
                        survey_dumps(directory, clock, [] { sys::interruptible_sleep(k_pause); }));
}

} // namespace dbbackup::ops
