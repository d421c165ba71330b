#pragma once

#include <dbbackup/ops/dump.hpp>
#include <dbbackup/store/dump_set.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// Whether hashes of the roles' passwords are dumped, which only superusers may read.
enum class RolePasswords { leave_out, dump };

struct ServerDumpRequest {
    /// What every database is dumped with; its connection names any of the server's databases.
    DumpRequest dump;
    RolePasswords passwords = RolePasswords::leave_out;
};

/// Dumps the server's roles, memberships and tablespaces into `@globals_HOST_TIME.sql.gz`. Like
/// dump(): when it returns, pg_dumpall's output is complete and durable, with its manifest; when it
/// throws, nothing new has a final name.
[[nodiscard]] DumpReport dump_globals(const ServerDumpRequest& request, const Context& context);

/// What became of one database.
struct MemberDump {
    std::string database;
    std::optional<DumpReport> report; ///< nothing if it failed
    std::optional<base::Error> error; ///< why, also if only a copy failed
};

struct ServerDumpReport {
    std::vector<MemberDump> databases;
    std::optional<DumpReport> globals;
    std::optional<base::Error> globals_error;
    /// Of the set that was written: only if all succeeded.
    std::optional<std::string> set_path;
    std::optional<store::DumpSet> set;
    std::optional<PruneReport> prune; ///< if requested and done
    std::string prune_problem;        ///< why it was not done although requested

    [[nodiscard]] std::size_t failed() const noexcept;
    /// The worst, as an exit code: damaged, failed, usage, refused, locked, not copied. `what()`
    /// names all that failed.
    [[nodiscard]] std::optional<base::Error> find_error() const;
};

/// Dumps every database of the server that allows connections and is no template, one after the
/// other, then the globals, and if all succeeded writes a set of them. One that fails stops no
/// other; its error is in the report. Throws if the server cannot be asked at all, or on a signal.
[[nodiscard]] ServerDumpReport dump_all_databases(const ServerDumpRequest& request,
                                                  const Context& context);

} // namespace dbbackup::ops
