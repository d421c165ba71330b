#pragma once

#include <dbbackup/ops/verify.hpp>

#include <string>

namespace dbbackup::ops {

/// Whether `reference` is the path of an export and not the name of a dump in the directory.
[[nodiscard]] bool is_export(const VerifyRequest& request, const std::string& reference);

/// Reads all of an export, and compares it with its end. Throws base::Error{usage} for a drill,
/// and base::Interrupted.
[[nodiscard]] VerifiedDump verify_export(const VerifyRequest& request, const std::string& path,
                                         const Context& context);

} // namespace dbbackup::ops
