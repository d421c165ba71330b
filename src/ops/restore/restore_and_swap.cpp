#include "ops/restore/restore_and_swap.hpp"

#include "ops/restore/parallel_restore.hpp"
#include "ops/restore/proposal.hpp"
#include "ops/restore/restore_aftermath.hpp"
#include "ops/target/created_database.hpp"
#include "ops/target/database_swap.hpp"
#include "ops/target/old_database.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <random>

namespace dbbackup::ops {

namespace {

/// `name` with `suffix`, cut between characters if it would be too long.
std::string with_suffix(const std::string& name, const std::string& suffix) {
    std::size_t length = std::min(name.size(), pg::k_longest_database_name - suffix.size());
    while (length < name.size() && (static_cast<unsigned char>(name[length]) & 0xC0U) == 0x80U) {
        --length;
    }
    return name.substr(0, length) + suffix;
}

std::string random_letters() {
    std::random_device device;
    return fmt::format("{:08x}", device());
}

/// "2026-11-20T03:15:00.123Z" in a form for names.
std::string compact(base::UtcTime time) {
    std::string text = base::format_utc(time);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text.substr(0, text.find('.'));
}

void require_large_objects(pg::Session& session, std::uint64_t wanted) {
    const std::string found =
        session.query("select pg_catalog.count(*) from pg_catalog.pg_largeobject_metadata")
            .at(0)
            .at(0);
    if (found != std::to_string(wanted)) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("there are {} large objects after the restore, the dump has {}", found,
                        wanted),
            "Nothing was changed in the target; see the server's log."};
    }
}

/// The result of pg_restore must be what was checked before the user confirmed.
void require_equal_content(const RestoreJob& job, const std::string& database) {
    if (job.file.hash().sha256 != job.dump.pass.sha256) {
        throw base::Error{
            base::ErrorKind::damaged,
            fmt::format("'{}' changed while it was restored", base::printable(job.file.path())),
            "Nothing was changed in the target. Find out who writes to that file."};
    }
    pg::Session session = job.server.open(job.server.connection_to(database));
    set_client_encoding(session, job.restored.inventory.encoding);
    require_large_objects(session, job.restored.contents.large_objects);
    for (const auto& table : count_restored_rows(session, job.restored.contents)) {
        if (table.rows_found != table.rows_wanted) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("table {} has {} rows after the restore, the dump has {}",
                                          base::printable(table.name),
                                          base::with_thousands(table.rows_found),
                                          base::with_thousands(table.rows_wanted)),
                              "Nothing was changed in the target."};
        }
    }
}

/// The user was not asked about the old database, because it was empty. If it still is, it need not
/// be kept.
void settle_empty(const RestoreJob& job, RestoreOutcome& outcome) {
    const std::string kept = outcome.kept_database.value_or("");
    switch (drop_if_empty(job.server, kept, job.context.listener)) {
    case OldDatabase::dropped:
        outcome.kept_database.reset();
        outcome.undo_sql.clear();
        break;
    case OldDatabase::filled:
        job.context.listener.on_warning(fmt::format(
            "database '{}' held no objects when this restore began, but something is set in it, "
            "was "
            "added meanwhile, or a session still uses it. It is kept as database '{}'. To look at "
            "it: {}",
            base::printable(job.request.connection.database), base::printable(kept),
            psql_command(job.server, kept)));
        break;
    case OldDatabase::kept:
        break;
    }
}

} // namespace

void require_jobs_possible(const RestoreRequest& request, const DumpFile& file) {
    if (request.jobs == 0) {
        return;
    }
    if (!file.is_archive()) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("--jobs needs an archive (pg_dump's custom format), but '{}' is not one",
                        base::printable(file.path())),
            fmt::format("To restore it without --jobs: {}. To take a dump that --jobs "
                        "can restore: {}",
                        propose_without(request, {"--jobs"}),
                        request.command_line.another({"dump", "-F", "custom"}))};
    }
    if (file.is_sealed()) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("--jobs cannot restore '{}': it is sealed, and its sessions would have to "
                        "seek in it",
                        base::printable(file.path())),
            fmt::format("To restore it without --jobs: {}", propose_without(request, {"--jobs"}))};
    }
    if (!request.tables.empty() || !request.schemas.empty()) {
        throw base::Error{
            base::ErrorKind::usage,
            "--jobs restores whole archives: it cannot be combined with --table or --schema",
            fmt::format("To restore that part without --jobs: {}",
                        propose_without(request, {"--jobs"}))};
    }
}

void require_replaceable(const RestoreRequest& request, const pg::TargetSurvey& survey) {
    if (request.jobs > 0 && request.clean == Clean::nothing && !survey.empty) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("--jobs would replace database '{}', which is not empty",
                        base::printable(request.connection.database)),
            "To replace it, add --clean. The old database is kept under another name."};
    }
}

RestoreOutcome restore_and_swap(const RestoreJob& job) {
    const std::string& target = job.request.connection.database;
    const auto started = std::chrono::steady_clock::now();
    std::optional<pg::Session> turn;
    if (job.server.target_exists()) {
        take_turn_for_session(turn.emplace(job.server.open()));
    }
    CreatedDatabase fresh{job.server, with_suffix(target, "_restore_" + random_letters()),
                          job.server.target_exists() ? CreatedDatabase::Like::target
                                                     : CreatedDatabase::Like::template0,
                          job.context.listener};
    run_pg_restore(job, fresh.name());
    require_equal_content(job, fresh.name());
    analyze_tables(job.server, fresh.name(), job.restored, job.context.listener);

    RestoreOutcome outcome;
    const DatabaseSwap swap{.server = job.server,
                            .fresh = fresh.name(),
                            .kept =
                                with_suffix(target, "_before_" + compact(job.context.clock.now())),
                            .lock_timeout = job.request.lock_timeout,
                            .others = job.request.others,
                            .listener = job.context.listener};
    if (job.server.target_exists()) {
        outcome.kept_database = swap.kept;
        outcome.undo_sql = undo_of(swap);
    }
    turn.reset();         // a session in the target would block its renaming
    swap_databases(swap); // the last step that can fail: after this, the restore is committed
    fresh.keep();
    outcome.duration = elapsed_since(started);
    if (job.server.target_exists() && job.approved.empty && job.approved.changes.empty()) {
        settle_empty(job, outcome);
    }
    return outcome;
}

} // namespace dbbackup::ops
