#include "ops/restore/parallel_restore.hpp"

#include "ops/client/child_outcome.hpp"
#include "ops/client/timeout_errors.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/client_environment.hpp>
#include <dbbackup/pg/close_public.hpp>
#include <dbbackup/sys/signals.hpp>

#include <chrono>
#include <fmt/format.h>
#include <utility>
#include <vector>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

constexpr auto k_watch_interval = 20ms;
constexpr auto k_grace = 3s;

/// The first pg_restore and server that know statistics in a dump.
constexpr int k_statistics_major = 18;

/// Whether pg_restore is to end at the first error, or to go on after the one that is expected.
enum class FirstError { ends, may_be_expected };

/// Commits that nobody sees yet need not wait for the disk: the swap comes last, waits, and flushes
/// all commits before it.
pg::Connection for_bulk_load(pg::Connection connection) {
    connection.add_options(fmt::format("-c synchronous_commit=off -c maintenance_work_mem={} "
                                       "-c statement_timeout=0",
                                       k_maintenance_memory));
    return connection;
}

std::vector<std::string> pg_restore_arguments(const RestoreJob& job, const ServerAccess& access,
                                              FirstError first_error) {
    std::vector<std::string> arguments{fmt::format("--jobs={}", job.request.jobs)};
    if (first_error == FirstError::ends) {
        arguments.push_back("--exit-on-error");
    }
    if (job.request.owners == pg::Treatment::leave_out) {
        arguments.push_back("--no-owner");
    }
    if (job.request.privileges == pg::Treatment::leave_out) {
        arguments.push_back("--no-privileges");
    }
    if (access.tools().major >= k_statistics_major &&
        pg::major_version(access.server().version_number) < k_statistics_major) {
        arguments.emplace_back("--no-statistics"); // ANALYZE gathers new ones
    }
    arguments.insert(arguments.end(), {"--", job.file.path_for_children()});
    return arguments;
}

/// Reports progress until it has ended. It is ended after an error that is not the expected one:
/// going on would only take time.
void await_end(sys::ChildProcess& pg_restore, FirstError first_error, Listener& listener) {
    const auto started = std::chrono::steady_clock::now();
    Progress progress;
    progress.phase = Progress::Phase::restoring;
    while (pg_restore.running()) {
        progress.elapsed = elapsed_since(started);
        listener.on_progress(progress);
        if (first_error == FirstError::may_be_expected &&
            shows_other_error(pg_restore.error_output())) {
            pg_restore.terminate(k_grace);
        } else {
            sys::interruptible_sleep(k_watch_interval);
        }
    }
}

void require_no_other_error(sys::ChildProcess& pg_restore, const RestoreJob& job,
                            const ChildWatch& watch) {
    sys::ExitStatus status = pg_restore.wait(0ms);
    const std::string said = pg_restore.error_output();
    if (only_timeout_failed(status, said, job.request.jobs)) {
        status = {};
    }
    (void)require_success(pg_restore.name(), status, without_timeout_errors(said, job.request.jobs),
                          watch);
}

} // namespace

void run_pg_restore(const RestoreJob& job, const std::string& database) {
    const ServerAccess access{for_bulk_load(job.server.connection_to(database)), job.context,
                              job.file.choose_reader()};
    const FirstError first_error =
        is_timeout_refused(access.tools().major, pg::major_version(access.server().version_number))
            ? FirstError::may_be_expected
            : FirstError::ends;
    sys::Command command =
        access.connected_command("pg_restore", pg_restore_arguments(job, access, first_error));
    command.inherited_fds.push_back(job.file.fd());
    if (const auto close =
            pg::close_public(job.dump.inventory.of_public, job.restored.inventory.of_public,
                             access.server().version_number)) {
        access.open().execute(*close);
    }
    sys::ChildProcess pg_restore{std::move(command)};
    const ChildWatch watch{.listener = job.context.listener, .connection = &job.request.connection};
    await_end(pg_restore, first_error, job.context.listener);
    try {
        if (first_error == FirstError::ends) {
            (void)require_success(pg_restore, watch);
        } else {
            require_no_other_error(pg_restore, job, watch);
        }
    } catch (const base::Error& error) {
        throw base::Error{error.kind(), error.what(),
                          "Nothing was changed in the target. " + error.hint()};
    }
}

} // namespace dbbackup::ops
