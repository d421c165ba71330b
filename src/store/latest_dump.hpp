#pragma once

#include <dbbackup/store/dump_query.hpp>

#include <cstddef>

namespace dbbackup::store {

/// The dump that "latest~`number`" means in `directory`, see resolve_dump.
[[nodiscard]] ListedDump choose_latest(std::vector<DumpEntry> all, const DumpQuery& query,
                                       std::size_t number, base::UtcTime now);

/// The same among the dumps of `directory`.
[[nodiscard]] FoundDump find_latest(DumpDirectory directory, const DumpQuery& query,
                                    std::size_t number, base::UtcTime now);

} // namespace dbbackup::store
