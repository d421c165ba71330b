#pragma once

#include "ops/dump_check.hpp"
#include "ops/dump_file.hpp"

#include <dbbackup/ops/restore.hpp>

// restore --table.

namespace dbbackup::ops {

/// Throws base::Error{usage} where the request asks for what does not go with --table.
void require_tables_possible(const RestoreRequest& request);

/// The dump as far as it is restored: all of it where no tables were asked for. Throws
/// base::Error{usage} where it does not hold one of them.
[[nodiscard]] CheckedDump select_tables(const RestoreRequest& request, const DumpFile& file,
                                        const CheckedDump& whole);

} // namespace dbbackup::ops
