#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/command_line.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/dump_query.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::ops {

/// From where on a database is not healthy. What is exactly at its limit still is.
struct StatusLimits {
    std::chrono::milliseconds max_age = std::chrono::hours{26}; ///< of the newest good dump
    std::optional<std::chrono::milliseconds> max_proof_age;
    std::optional<std::chrono::milliseconds> max_verify_age;
    unsigned max_shrink = 50;   ///< percent of the size of the dump before
    unsigned max_row_loss = 50; ///< percent of the rows of the dump before
    store::PartialDumps partial_dumps = store::PartialDumps::ignored;
};

struct StatusRequest {
    std::filesystem::path directory;
    /// Only dumps of databases of these names, on whatever server, and some of each; of all
    /// databases where there is none.
    std::vector<std::string> databases;
    StatusLimits limits;
    base::CommandLine command_line = {}; ///< for hints
};

enum class WarningKind {
    no_dumps,       ///< none of which it is known what it is of, or that it is of a name asked
    no_good_dump,   ///< there are some, but none that counts
    too_old,        ///< the newest
    never_verified, ///< and `max_verify_age` is given
    verification_too_old, ///< the last one
    never_proven,         ///< and `max_proof_age` is given
    proof_too_old,        ///< the last one
    damaged,
    unreadable, ///< without a manifest, or with one that cannot be read
    future,     ///< started after now, by some clock
    foreign,    ///< of strangers: store::DumpEntry::foreign_owner
    shrunk,
    rows_lost,
    tables_gone,
    tables_emptied,
    leftovers, ///< of killed runs
    lost,      ///< manifests whose dump is gone, or no regular file
    disk_nearly_full,
};

/// As JSON has it: "too_old".
[[nodiscard]] std::string_view name_of(WarningKind kind) noexcept;

enum class Gravity {
    told,      ///< worth knowing, and no danger
    unhealthy, ///< somebody must act
};

/// What there is to say against the dumps. Its texts are safe to show.
struct StatusWarning {
    WarningKind kind = WarningKind::no_dumps;
    Gravity gravity = Gravity::told;
    std::string message;
    std::string hint; ///< what to do next, as a sentence, or empty
};

/// The newest good dump of a database: whole (unless partial dumps are accepted), not found
/// damaged, no safety dump, no stranger's and not of the future.
struct NewestDump {
    store::DumpEntry dump; ///< with its manifest
    /// Of the good dump before it that was made with the same options, in the same format and with
    /// the same compression. Nothing if there is none.
    std::optional<std::uint64_t> size_before;
    /// Of the good dump before it that is whole too, or else was made with the same options.
    std::optional<std::uint64_t> rows_before;
};

/// One database: host, port and name, as manifests have them.
struct DatabaseStatus {
    std::string name;
    std::string host;
    int port = 0;
    std::size_t dumps = 0;   ///< of whatever kind but foreign, with a manifest that could be read
    std::size_t foreign = 0; ///< that strangers' manifests say are of it
    std::optional<NewestDump> newest;
    // Of whichever dump that is whole and sound, by its manifest.
    std::optional<base::UtcTime> last_verified; ///< by reading or by a restore
    std::optional<base::UtcTime> last_proven;
    /// Files of killed runs by its name, which databases of that name on other servers share.
    std::vector<std::string> leftovers;
    std::vector<StatusWarning> warnings;

    [[nodiscard]] bool is_healthy() const;
};

struct StatusReport {
    std::filesystem::path directory;
    base::UtcTime now; ///< what ages are counted from
    std::uint64_t free_bytes = 0;
    std::size_t leftovers = 0;             ///< how many files
    std::vector<DatabaseStatus> databases; ///< by name, host and port
    std::vector<StatusWarning> warnings;   ///< of no single database

    /// True if nothing at all is unhealthy.
    [[nodiscard]] bool is_healthy() const;
};

/// Whether there are fresh, good dumps of each database, as their manifests have it; no dump is
/// read. Takes no lock. Throws base::Error if the directory is not there.
[[nodiscard]] StatusReport status(const StatusRequest& request, const base::Clock& clock);

} // namespace dbbackup::ops
