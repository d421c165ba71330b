#pragma once

#include <dbbackup/ops/dump.hpp>
#include <dbbackup/ops/listener.hpp>
#include <dbbackup/ops/prune.hpp>

#include <functional>

namespace dbbackup::ops {

/// Prunes, by `prune`, what came before the dump of `report`, as the request's retention says, and
/// puts into the report what came of it. The dump stands, whatever becomes of this: what fails is a
/// warning, and a signal has come too late to undo the dump and shall not look as if it had.
void prune_earlier(const DumpRequest& request, DumpReport& report, Listener& listener,
                   const std::function<PruneReport(const PruneRequest&)>& prune);

} // namespace dbbackup::ops
