#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/dump_query.hpp>

namespace dbbackup::ops {

/// store::resolve_dump, but for an export, which it refuses; with what the manifest of a sealed
/// dump hides if there is an identity (throws base::Error if that does not open it), and with
/// warnings about the choice to the listener: also that the dump is known to be damaged and, for
/// "latest", which older one is not.
[[nodiscard]] store::FoundDump find_named_dump(const store::DumpQuery& query,
                                               const Context& context);

/// If `word`, given as a dump, may be a table: the running command with `words` instead, in a
/// sentence. Else empty. For DumpQuery::other_meaning.
[[nodiscard]] std::string advice_on_table(const std::string& word,
                                          const std::vector<std::string>& words,
                                          const base::CommandLine& command_line);

/// `error`, which reports that `found` is damaged, with a hint that names the dump to use instead.
[[nodiscard]] base::Error with_another_dump(const base::Error& error, const store::FoundDump& found,
                                            const base::CommandLine& command_line);

} // namespace dbbackup::ops
