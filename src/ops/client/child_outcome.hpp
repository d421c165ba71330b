#pragma once

#include "ops/client/progress_report.hpp"

#include <dbbackup/sys/child_process.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// Waits for a child whose output has come to its end. Passes its warnings on and returns them;
/// throws base::Error{failed} with what it said of the cause where it did not succeed.
std::vector<std::string> require_success(sys::ChildProcess& child, const ChildWatch& watch);

} // namespace dbbackup::ops
