#pragma once

#include <dbbackup/store/dump_query.hpp>

#include <cstddef>

namespace dbbackup::store {

/// The dump that "latest~`number`" means in `directory`, see resolve_dump.
[[nodiscard]] FoundDump find_latest(DumpDirectory directory, const DumpQuery& query,
                                    std::size_t number, base::UtcTime now);

} // namespace dbbackup::store
