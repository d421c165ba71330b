#include "ops/remote/record_cache.hpp"

#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/store/dump_series.hpp>
#include <dbbackup/store/existing_directory.hpp>
#include <dbbackup/store/manifest_update.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// status is run often, and by what does not wait.
constexpr std::chrono::seconds k_patience{30};

using Copies = std::vector<store::DumpEntry>;

bool is_of(const store::DumpEntry& dump, const DatabaseStatus& database) {
    return dump.manifest && store::identity_of(*dump.manifest) ==
                                store::Identity{database.host, database.port, database.name};
}

/// As for the newest good dump here.
bool is_good(const store::DumpEntry& dump, const StatusLimits& limits, base::UtcTime now) {
    return dump.problem.empty() && !dump.manifest->dump.safety && !dump.is_of_the_future(now) &&
           (limits.partial_dumps == store::PartialDumps::accepted || !dump.is_part());
}

/// What was recorded here of the copies at a remote, as if it had listed them.
Copies recorded_copies(const Copies& dumps, const std::string& remote) {
    Copies copies;
    for (const store::DumpEntry& dump : dumps) {
        const bool is_there =
            dump.manifest && !dump.is_foreign() &&
            std::ranges::count(dump.manifest->copies, remote, &store::Manifest::Copy::remote) > 0;
        if (is_there) {
            copies.push_back(dump);
            copies.back().manifest->verifications.clear(); // those are of the dump here
        }
    }
    return copies;
}

CopyStatus status_of(const Copies& newest_first, const store::RemoteSettings& remote,
                     const DatabaseStatus& database, const StatusLimits& limits,
                     base::UtcTime now) {
    CopyStatus status{.remote = remote.name,
                      .is_elsewhere = !remote.target.starts_with('/'),
                      .newest = {},
                      .newest_at = std::nullopt,
                      .last_read = std::nullopt};
    for (const store::DumpEntry& copy : newest_first) {
        if (!is_of(copy, database)) {
            continue;
        }
        status.last_read = std::max(status.last_read, copy.manifest->last_verified(now));
        if (!is_good(copy, limits, now)) {
            continue;
        }
        if (status.newest.empty()) {
            status.newest = copy.name;
            status.newest_at = copy.manifest->dump.started_at;
        }
        status.has_newest_dump =
            status.has_newest_dump ||
            (database.newest && store::identity_of_dump(*copy.manifest) ==
                                    store::identity_of_dump(*database.newest->dump.manifest));
    }
    return status;
}

void judge(DatabaseStatus& database, const CopyStatus& copies, const StatusRequest& request,
           const StatusLimits& limits, base::UtcTime now) {
    const std::string hint =
        fmt::format("Copy it there: {}",
                    request.command_line.another({"push", "--missing", "--to", copies.remote}));
    if (!copies.newest_at) {
        database.warnings.push_back(
            {.kind = WarningKind::no_copy,
             .gravity = Gravity::unhealthy,
             .message = fmt::format("no good copy is at the required remote '{}'", copies.remote),
             .hint = hint});
    } else if (now - *copies.newest_at > limits.max_age) {
        database.warnings.push_back(
            {.kind = WarningKind::copy_too_old,
             .gravity = Gravity::unhealthy,
             .message = fmt::format("the newest copy at the required remote '{}' is of a dump that "
                                    "is {} old, more than {}",
                                    copies.remote, base::format_duration(now - *copies.newest_at),
                                    base::format_duration(limits.max_age)),
             .hint = hint});
    }
}

/// The copies that a required remote lists; nothing if it cannot be asked.
std::optional<Copies> ask(const store::RemoteSettings& remote,
                          const store::DumpDirectory& directory, RemoteStatus& status,
                          StatusReport& report, const Context& context) {
    store::RemoteSettings hurried = remote;
    hurried.timeout = std::min<std::chrono::milliseconds>(remote.timeout, k_patience);
    status.was_asked = true;
    try {
        const auto opened = store::open_remote(hurried, context.environment);
        return list_copies(read_remote_cached(*opened, remote.name, directory),
                           [](const std::string&) { return true; })
            .copies;
    } catch (const base::Error& error) {
        status.problem = base::without_marks(error.what());
        report.warnings.push_back({.kind = WarningKind::remote_unreachable,
                                   .gravity = Gravity::unhealthy,
                                   .message = status.problem,
                                   .hint = error.hint()});
        return std::nullopt;
    }
}

} // namespace

void judge_remotes(StatusReport& report, const StatusRequest& request,
                   const std::vector<store::RemoteSettings>& remotes, const Context& context) {
    if (remotes.empty()) {
        return;
    }
    const auto directory = store::open_existing(request.directory, request.command_line);
    const Copies dumps = directory.list();
    for (const store::RemoteSettings& remote : remotes) {
        RemoteStatus status{.name = remote.name,
                            .target = remote.target,
                            .is_required = remote.is_required,
                            .was_asked = false,
                            .problem = {}};
        const auto copies = remote.is_required ? ask(remote, directory, status, report, context)
                                               : std::optional{recorded_copies(dumps, remote.name)};
        for (DatabaseStatus& database : report.databases) {
            const StatusLimits& limits =
                request.limits_of({database.host, database.port, database.name});
            if (copies) {
                database.copies.push_back(status_of(*copies, remote, database, limits, report.now));
            }
            if (copies && remote.is_required) {
                judge(database, database.copies.back(), request, limits, report.now);
            }
        }
        report.remotes.push_back(std::move(status));
    }
}

} // namespace dbbackup::ops
