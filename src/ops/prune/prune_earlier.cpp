#include "ops/prune/prune_earlier.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/store/dump_series.hpp>
#include <dbbackup/sys/signals.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

void prune_earlier(const DumpRequest& request, DumpReport& report, Listener& listener,
                   const std::function<PruneReport(const PruneRequest&)>& prune) {
    const sys::CleanupScope undisturbed;
    try {
        report.prune = prune({.directory = request.directory,
                              .policy = request.retention.value(),
                              .database = std::nullopt,
                              .series = {series_of(report.manifest)},
                              .dry_run = DryRun::no,
                              .loss_limits = request.loss_limits,
                              .command_line = request.command_line});
    } catch (const base::Error& error) {
        report.prune_problem = base::without_marks(error.what());
        listener.on_warning(
            fmt::format("the dump was taken, but older ones could not be deleted: {}{}{}",
                        error.what(), error.hint().empty() ? "" : "; hint: ", error.hint()));
    }
}

} // namespace dbbackup::ops
