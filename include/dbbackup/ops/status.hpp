#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/command_line.hpp>
#include <dbbackup/ops/loss.hpp>
#include <dbbackup/ops/timer.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/dump_query.hpp>
#include <dbbackup/store/dump_series.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::ops {

/// Beyond these limits, a database is unhealthy. At the limit, it is still healthy.
struct StatusLimits {
    std::chrono::milliseconds max_age = std::chrono::hours{26}; ///< of the newest good dump
    std::optional<std::chrono::milliseconds> max_proof_age;
    std::optional<std::chrono::milliseconds> max_verify_age;
    /// Of the last opening of a sealed dump.
    std::optional<std::chrono::milliseconds> max_key_age = std::nullopt;
    unsigned max_shrink = 50;   ///< percent of the previous dump's size
    unsigned max_row_loss = 50; ///< percent of the previous dump's rows
    store::PartialDumps partial_dumps = store::PartialDumps::ignored;

    [[nodiscard]] LossLimits of_loss() const {
        return {.max_shrink = max_shrink, .max_row_loss = max_row_loss};
    }
};

/// A database that must have dumps, with limits of its own.
struct ExpectedDatabase {
    store::NamedDatabase database;
    std::string own_name; ///< the server's name for it
    std::string address;  ///< for people: "localhost:5432/shop"
    StatusLimits limits;
    std::string dump_command; ///< that takes a dump of it
};

struct StatusRequest {
    std::filesystem::path directory;
    /// Only dumps of databases with these names, on any server, and at least one of each; of all
    /// databases, if empty.
    std::vector<std::string> databases;
    StatusLimits limits;
    base::CommandLine command_line = {}; ///< for hints
    /// At least one dump of each of these.
    std::vector<ExpectedDatabase> expected = {};
    /// Only dumps of these and of `databases`.
    bool only_expected = false;

    /// Those of the expected database that it is, or else of the request.
    [[nodiscard]] const StatusLimits& limits_of(const store::Identity& identity) const;
};

enum class WarningKind {
    no_dumps,             ///< none whose database is known, or none of a requested name
    no_good_dump,         ///< there are dumps, but none that counts
    too_old,              ///< the newest
    never_verified,       ///< and `max_verify_age` is given
    verification_too_old, ///< the last one
    never_proven,         ///< and `max_proof_age` is given
    proof_too_old,        ///< the last one
    never_opened,         ///< there are sealed dumps, and `max_key_age` is given
    key_too_old,          ///< the last opening
    one_recipient,        ///< who loses the only key loses the dumps
    damaged,
    unreadable, ///< without a manifest, or with one that cannot be read
    future,     ///< started after now, by some clock
    foreign,    ///< of untrusted users: store::DumpEntry::foreign_owner
    shrunk,
    rows_lost,
    tables_gone,
    tables_emptied,
    held_after_loss, ///< see find_losses()
    leftovers,       ///< of killed runs
    lost,            ///< manifests whose dump is gone, or not a regular file
    disk_nearly_full,
    remote_unreachable, ///< a required one
    no_copy,            ///< at a required remote
    copy_too_old,       ///< the newest at a required remote
    timer_off,          ///< it is meant to run
    timer_overdue,      ///< it should have run
    timer_failed,       ///< its last run
};

/// As in JSON: "too_old".
[[nodiscard]] std::string_view name_of(WarningKind kind) noexcept;

enum class Gravity {
    told,      ///< worth knowing, but harmless
    unhealthy, ///< the user must act
};

/// A problem of the dumps. Its texts are safe to show.
struct StatusWarning {
    WarningKind kind = WarningKind::no_dumps;
    Gravity gravity = Gravity::told;
    std::string message;
    std::string hint; ///< what to do next, as a sentence, or empty
};

/// The newest good dump of a database: whole (unless partial dumps are accepted), not found
/// damaged, no safety dump, not an untrusted user's, and not dated in the future.
struct NewestDump {
    store::DumpEntry dump; ///< with its manifest
    /// Of the previous good dump with the same options, format and compression. Nothing if there is
    /// none.
    std::optional<std::uint64_t> size_before;
    /// Of the previous good dump that is whole too, or else has the same options.
    std::optional<std::uint64_t> rows_before;
};

/// The copies of a database at one remote. Of a required remote, what it lists; of any other, what
/// was recorded here when they were made.
struct CopyStatus {
    std::string remote;
    bool is_elsewhere = false; ///< not a directory of this machine
    std::string newest;        ///< the newest whole, good copy: its name; empty if there is none
    std::optional<base::UtcTime> newest_at; ///< when that dump was started
    std::optional<base::UtcTime> last_read; ///< when a copy was last read there
    bool has_newest_dump = false;           ///< the newest good dump here is there too
};

/// A remote of the configuration.
struct RemoteStatus {
    std::string name;
    std::string target;
    bool is_required = false;
    bool was_asked = false; ///< only required ones are
    std::string problem;    ///< why it could not be asked; else empty
};

/// One database: host, port and name, from the manifests.
struct DatabaseStatus {
    std::string name;
    std::string host;
    int port = 0;
    std::size_t dumps = 0;   ///< of every kind except foreign, with a readable manifest
    std::size_t foreign = 0; ///< according to manifests of untrusted users
    std::optional<NewestDump> newest;
    // Of any dump that is whole and sound, from its manifest.
    std::optional<base::UtcTime> last_verified; ///< by reading or by a restore
    std::optional<base::UtcTime> last_proven;
    /// When a sealed dump of it was last opened with an identity, to read or to restore it.
    std::optional<base::UtcTime> last_opened = std::nullopt;
    /// Files of killed runs, by database name: shared by databases of that name on other servers.
    std::vector<std::string> leftovers;
    std::vector<CopyStatus> copies;          ///< one for each remote
    std::optional<Loss> loss = std::nullopt; ///< not accepted yet
    std::vector<StatusWarning> warnings;

    [[nodiscard]] bool is_healthy() const;
    /// Of the newest good dump, this one included; 0 if there is none.
    [[nodiscard]] std::size_t copies_of_newest() const;
};

struct StatusReport {
    std::filesystem::path directory;
    base::UtcTime now; ///< ages are counted from here
    std::uint64_t free_bytes = 0;
    std::size_t leftovers = 0;             ///< how many files
    std::vector<DatabaseStatus> databases; ///< by name, host and port
    std::vector<RemoteStatus> remotes;     ///< by name
    /// The timers of this machine that dump into the directory, or drill its dumps. Nothing if
    /// there are timers and systemd could not be asked.
    std::optional<std::vector<TimerState>> timers = std::vector<TimerState>{};
    std::string timers_problem;          ///< why not
    std::vector<StatusWarning> warnings; ///< not of a single database

    /// True if nothing is unhealthy.
    [[nodiscard]] bool is_healthy() const;
};

/// Whether each database has fresh, good dumps, according to their manifests; reads no dump.
/// Acquires no lock. Throws base::Error if the directory does not exist.
[[nodiscard]] StatusReport status(const StatusRequest& request, const base::Clock& clock);

/// Adds the timers of the report's directory, and warnings of those that should run and do not.
void judge_timers(StatusReport& report, const TimerSurvey& survey);

} // namespace dbbackup::ops
