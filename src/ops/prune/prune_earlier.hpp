#pragma once

#include <dbbackup/ops/dump.hpp>
#include <dbbackup/ops/listener.hpp>
#include <dbbackup/ops/prune.hpp>

#include <functional>

namespace dbbackup::ops {

/// Prunes, with `prune`, the dumps before the one of `report` by the request's retention, and adds
/// the result to the report. The dump stays valid in any case: a failure is a warning, and a signal
/// is too late to undo the dump and must not look as if it had.
void prune_earlier(const DumpRequest& request, DumpReport& report, Listener& listener,
                   const std::function<PruneReport(const PruneRequest&)>& prune);

} // namespace dbbackup::ops
