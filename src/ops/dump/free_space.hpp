#pragma once

#include <dbbackup/ops/dump.hpp>
#include <dbbackup/pg/session.hpp>
#include <dbbackup/store/dump_directory.hpp>

namespace dbbackup::ops {

/// Throws base::Error{failed} if the disk clearly has too little room for the dump: less than most
/// of the size of the last dump like it or, without one, less than even a highly compressible
/// database would need.
void require_room(const DumpRequest& request, const pg::ServerInfo& server,
                  const store::DumpDirectory& directory, const std::string& suffix);

} // namespace dbbackup::ops
