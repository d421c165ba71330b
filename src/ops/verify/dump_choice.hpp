#pragma once

#include <dbbackup/ops/verify.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// Which dumps a request means.
struct ChosenDumps {
    std::vector<std::string> references; ///< as store::resolve_dump takes them
    /// Of all the directory, those of which only the manifest is left: damaged without a look.
    std::vector<VerifiedDump> lost;
};

/// What `reference`, one of those in `request`, means.
[[nodiscard]] store::DumpQuery query_of(const VerifyRequest& request, const std::string& reference);

/// All of a directory does not mean those of strangers, which are told to the listener: whoever put
/// them there shall not decide what is read here, and run in a drill. Throws base::Error{usage}
/// if a name could mean several dumps, and {failed} where all of a directory is meant, and there
/// is none. What else is wrong with one dump is not told here.
[[nodiscard]] ChosenDumps choose_dumps(const VerifyRequest& request, const Context& context);

} // namespace dbbackup::ops
