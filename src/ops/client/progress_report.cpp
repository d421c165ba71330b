#include "ops/client/progress_report.hpp"

namespace dbbackup::ops {

namespace {

constexpr std::chrono::milliseconds k_report_interval{100};

} // namespace

std::chrono::milliseconds elapsed_since(std::chrono::steady_clock::time_point started) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 started);
}

ProgressReport::ProgressReport(const pg::DumpScanner& scanner, const ChildWatch& watch,
                               Progress::Phase phase)
    : scanner_(scanner),
      listener_(watch.listener), progress_{.phase = phase,
                                           .bytes = 0,
                                           .estimated_bytes = watch.estimated_bytes,
                                           .rows = 0,
                                           .table = {},
                                           .elapsed = {}},
      started_(std::chrono::steady_clock::now()), last_report_(started_) {
}

void ProgressReport::add(std::uint64_t bytes) {
    progress_.bytes += bytes;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_report_ < k_report_interval) {
        return;
    }
    last_report_ = now;
    progress_.elapsed = elapsed_since(started_);
    progress_.rows = scanner_.rows();
    progress_.table = scanner_.current_table();
    listener_.on_progress(progress_);
}

} // namespace dbbackup::ops
