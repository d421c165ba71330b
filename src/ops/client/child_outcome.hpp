#pragma once

#include "ops/client/progress_report.hpp"

#include <dbbackup/sys/child_process.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// Waits for a child whose output has ended. Forwards and returns its warnings; if it failed,
/// throws base::Error{failed} with the cause that it reported.
std::vector<std::string> require_success(sys::ChildProcess& child, const ChildWatch& watch);

/// The same for a program that has ended with `status` and wrote `said` to stderr.
std::vector<std::string> require_success(const std::string& name, const sys::ExitStatus& status,
                                         const std::string& said, const ChildWatch& watch);

} // namespace dbbackup::ops
