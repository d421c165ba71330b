#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/dump_query.hpp>

namespace dbbackup::ops {

/// store::resolve_dump, which tells the listener what a person should know of the choice: also that
/// the dump is known to be damaged, and which older one is not, where "latest" was asked for.
[[nodiscard]] store::FoundDump find_named_dump(const store::DumpQuery& query,
                                               const Context& context);

/// `error`, which says that `found` is damaged, with a hint that names the dump to use instead.
[[nodiscard]] base::Error with_another_dump(const base::Error& error, const store::FoundDump& found,
                                            const base::CommandLine& command_line);

} // namespace dbbackup::ops
