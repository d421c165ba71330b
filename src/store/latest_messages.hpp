#pragma once

#include <dbbackup/store/dump_query.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

// What is said about "latest": why it means no dump, and which dumps it skipped.

namespace dbbackup::store {

using Dumps = std::vector<DumpEntry>;

/// The dumps of one database as "latest" sees them, each list newest first.
struct SortedDumps {
    Dumps eligible; ///< it chooses from these
    Dumps parts;    ///< it would choose from these too if parts were accepted
    Dumps foreign;
    Dumps future;
    Dumps without_manifest; ///< whether they are whole is unknown
};

[[noreturn]] void throw_no_dumps(const DumpQuery& query);
/// No dump matches the conditions on "latest".
[[noreturn]] void throw_none_like(const DumpQuery& query);
[[noreturn]] void throw_only_safety_dumps(const DumpQuery& query);
[[noreturn]] void throw_only_foreign(const DumpQuery& query, const Dumps& dumps);
[[noreturn]] void throw_only_without_manifest(const DumpQuery& query, const Dumps& dumps);
[[noreturn]] void throw_ambiguous(const DumpQuery& query, const std::set<std::string>& databases);
[[noreturn]] void throw_none_eligible(const DumpQuery& query, const SortedDumps& sorted);
/// There are only `count` dumps of `database` to choose from.
[[noreturn]] void throw_too_few(const DumpQuery& query, const std::string& database,
                                std::size_t count);

/// The newest dump of each kind that was skipped and is newer than `chosen`; and that `chosen` is a
/// part.
[[nodiscard]] std::vector<std::string> warnings_of(const SortedDumps& sorted,
                                                   const DumpEntry& chosen);

} // namespace dbbackup::store
