#pragma once

#include <dbbackup/ops/verify.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// The dumps that a request means.
struct ChosenDumps {
    std::vector<std::string> references; ///< see store::resolve_dump
    /// For the whole directory, its lost dumps: damaged without a check.
    std::vector<VerifiedDump> lost;
};

/// The query for `reference`, one of those in `request`.
[[nodiscard]] store::DumpQuery query_of(const VerifyRequest& request, const std::string& reference);

/// For a whole directory, untrusted users' dumps are skipped and reported to the listener: those
/// users must not decide what is read here, and run in a drill. Throws base::Error{usage} if a name
/// matches several dumps, and {failed} if the directory has no dumps. Other problems of a dump are
/// not reported here.
[[nodiscard]] ChosenDumps choose_dumps(const VerifyRequest& request, const Context& context);

} // namespace dbbackup::ops
