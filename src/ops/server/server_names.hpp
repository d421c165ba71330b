#pragma once

#include <dbbackup/ops/dump_server.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/server_file.hpp>

#include <string>

namespace dbbackup::ops {

/// An unused name in the directory: the next free millisecond.
[[nodiscard]] std::string choose_server_name(store::ServerFile::Kind kind, std::string suffix,
                                             const std::string& host,
                                             const store::DumpDirectory& directory,
                                             base::UtcTime now);

/// ".sql.gz", or as compressed and sealed.
[[nodiscard]] std::string globals_suffix(const DumpRequest& request);

/// dump_globals() for who holds the lock; `request` has parsed recipients.
[[nodiscard]] DumpReport dump_globals_locked(const ServerDumpRequest& request,
                                             const store::DumpDirectory& directory,
                                             const Context& context);

} // namespace dbbackup::ops
