#pragma once

#include "ops/client/progress_report.hpp"

#include <dbbackup/sys/child_process.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// Waits for a child whose output has ended. Forwards and returns its warnings; if it failed,
/// throws base::Error{failed} with the cause that it reported.
std::vector<std::string> require_success(sys::ChildProcess& child, const ChildWatch& watch);

} // namespace dbbackup::ops
