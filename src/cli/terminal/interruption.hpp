#pragma once

#include <dbbackup/base/interrupted_operation.hpp>

namespace dbbackup::cli {

/// Like report_interruption(), with the current state on a line of its own.
void report_interrupted_deed(const base::InterruptedOperation& interrupted, bool json);

} // namespace dbbackup::cli
