#include "ops/client/progress_report.hpp"
#include "ops/dump/archive_writer.hpp"
#include "ops/dump/dump_record.hpp"
#include "ops/dump/free_space.hpp"
#include "ops/dump/keep_out_of_git.hpp"
#include "ops/dump/publish_dump.hpp"
#include "ops/prune/prune_earlier.hpp"
#include "ops/prune/prune_locked.hpp"
#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/seal/sealed_manifest.hpp"
#include "ops/server_access.hpp"
#include "ops/target/lock_room.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/interrupted_operation.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/dump.hpp>
#include <dbbackup/ops/recipients.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <iterator>

namespace dbbackup::ops {

namespace {

std::string plain_suffix_of(const DumpRequest& request) {
    if (request.options.format == pg::DumpFormat::custom) {
        return ".dump";
    }
    switch (request.compression.method) {
    case stream::CompressionMethod::gzip:
        return ".sql.gz";
    case stream::CompressionMethod::zstd:
        return ".sql.zst";
    case stream::CompressionMethod::none:
        return ".sql";
    }
    return {};
}

std::string suffix_of(const DumpRequest& request) {
    return plain_suffix_of(request) +
           std::string{request.recipients.empty() ? "" : store::k_sealed_suffix};
}

/// An unused name in the directory. If the clock stands still or went back, the next free
/// millisecond.
store::DumpName choose_name(const DumpRequest& request, const store::DumpDirectory& directory,
                            base::UtcTime now, Listener& listener) {
    const auto earlier = directory.names_of(request.connection.database);
    if (!earlier.empty() && earlier.front().time > now) {
        listener.on_warning(fmt::format(
            "the clock says {}, but '{}' is of a later time: this dump will not sort as the newest",
            base::format_utc(now), base::printable(store::format_dump_name(earlier.front()))));
    }
    store::DumpName name{request.connection.database, now, suffix_of(request)};
    const auto is_taken = [&directory](const std::string& file_name) {
        const sys::Directory& files = directory.files();
        return files.contains(file_name) || files.contains(store::manifest_name_of(file_name)) ||
               files.contains(sys::AtomicFile::partial_name_of(file_name));
    };
    while (is_taken(store::format_dump_name(name))) {
        name.time += std::chrono::milliseconds{1};
    }
    return name;
}

WrittenArchive write_archive(const DumpRequest& request, const ServerAccess& access,
                             sys::AtomicFile& file, std::vector<std::string> arguments,
                             std::optional<Sealing> seal, Listener& listener) {
    const bool is_custom = request.options.format == pg::DumpFormat::custom;
    sys::Command pg_restore = access.offline_command("pg_restore", {"--file=-"});
    if (!seal) {
        pg_restore.arguments.insert(pg_restore.arguments.end(),
                                    {"--", sys::path_for_children(file.fd())});
        pg_restore.inherited_fds.push_back(file.fd());
    }
    if (is_custom && !seal) {
        // To its stdout, pg_dump 17 and later only appends (O_APPEND): the table of contents with
        // the offsets would stand at the end, where nothing looks for it. It is synced here.
        arguments.insert(arguments.begin(),
                         {"--file=" + sys::path_for_children(file.fd()), "--no-sync"});
    }
    sys::Command pg_dump = access.connected_command("pg_dump", std::move(arguments));
    if (!seal) { // else nothing but age's output gets there
        pg_dump.inherited_fds.push_back(file.fd());
    }
    const ArchiveJob job{
        .pg_dump = std::move(pg_dump),
        .pg_restore = std::move(pg_restore),
        .file = file,
        .watch = {.listener = listener,
                  .estimated_bytes =
                      request.options.unfiltered() ? access.server().table_size.value_or(0) : 0,
                  .connection = &request.connection,
                  .hints =
                      request.purpose == Purpose::safety ? HintsFor::safety_dump : HintsFor::dump},
        .seal = std::move(seal)};
    try {
        if (is_custom) {
            return job.seal ? write_sealed_custom(job) : write_custom(job);
        }
        return write_plain(job, request.compression);
    } catch (const base::Error& error) {
        const std::string hint = find_lock_hint(error, access);
        if (hint.empty()) {
            throw;
        }
        throw base::Error{error.kind(), error.what(), hint};
    }
}

void tell_server(const ServerAccess& access, Listener& listener) {
    const pg::ServerInfo& server = access.server();
    listener.on_detail(fmt::format("server {} on {}:{}, pg_dump {} from {}", server.version,
                                   base::printable(server.host), server.port,
                                   access.tools().version, access.tools().directory.native()));
}

/// Proves that the identity at hand opens the dump, and that what comes out is what was dumped.
store::Manifest::Verification read_back(const sys::AtomicFile& file,
                                        const store::Manifest& manifest, const Context& context) {
    const auto started = std::chrono::steady_clock::now();
    const DumpFile sealed{file.fd(), file.partial_path(), context};
    (void)check_dump(
        sealed, manifest,
        {.listener = context.listener, .estimated_bytes = manifest.file.uncompressed_size});
    return {.level = "read",
            .at = context.clock.now(),
            .result = "ok",
            .seconds = std::chrono::duration<double>(elapsed_since(started)).count(),
            .tool_version = context.tool_version,
            .server_version = {},
            .read_seconds = std::nullopt,
            .compare_seconds = std::nullopt};
}

/// A safety dump or a part does not tell what the next dump should hold.
void record_time_before(store::Manifest& manifest, const std::vector<store::DumpEntry>& earlier) {
    if (manifest.dump.safety || store::scope_of(manifest.dump) == store::Scope::part) {
        return;
    }
    const store::Identity identity = store::identity_of(manifest);
    manifest.before = find_before(earlier, identity, manifest.dump.started_at);
    manifest.loss_accepted_at = find_acceptance(earlier, identity);
}

void tell_of_loss(const DumpRequest& request, const std::vector<store::DumpEntry>& dumps,
                  DumpReport& report, const Context& context) {
    const std::vector<Loss> losses = find_losses(dumps, request.loss_limits, context.clock.now());
    if (const Loss* loss = find_loss_of(losses, store::identity_of(report.manifest))) {
        report.loss = *loss;
        context.listener.on_warning(fmt::format(
            "this may not be the database that was dumped before, or it has lost something. {}. "
            "prune deletes none of its dumps until you say that this is right: {}",
            loss->text(),
            request.command_line.another_for(loss->identity.database, {"prune", "--accept-loss"})));
    }
}

DumpReport take_dump(const DumpRequest& request, const store::DumpDirectory& directory,
                     const Context& context) {
    const ServerAccess access{request.connection, context};
    tell_server(access, context.listener);
    if (request.options.format == pg::DumpFormat::custom) {
        access.tools().require_program("pg_restore");
    }
    require_room(request, access.server(), directory, suffix_of(request));
    DumpFacts facts{.options = pg::dump_arguments(request.options, access.tools().major),
                    .started_at = context.clock.now(),
                    .finished_at = {},
                    .duration = {}};

    const auto started = std::chrono::steady_clock::now();
    const store::DumpName name =
        choose_name(request, directory, facts.started_at, context.listener);
    sys::AtomicFile file{directory.files(), store::format_dump_name(name)};
    const auto seal = request.recipients.empty()
                          ? std::nullopt
                          : std::optional{Sealing{AgeProgram{context}, request.recipients}};
    const WrittenArchive written =
        write_archive(request, access, file, facts.options, seal, context.listener);
    facts.finished_at = context.clock.now();
    facts.duration = elapsed_since(started);

    store::Manifest manifest =
        make_manifest(request, context.tool_version, access, file.name(), written, facts);
    std::vector<store::DumpEntry> dumps = directory.list();
    record_time_before(manifest, dumps);
    if (seal) {
        manifest = seal_manifest(std::move(manifest), seal->recipients, seal->age);
        if (context.identity) {
            manifest.verifications.push_back(read_back(file, manifest, context));
        }
    }
    publish_dump(file, store::to_readable_json(manifest), directory.files(), context.listener);
    DumpReport report{.path = directory.files().path_of(file.name()),
                      .manifest = manifest,
                      .prune = std::nullopt,
                      .prune_problem = {}};
    store::DumpEntry& taken = dumps.emplace_back();
    taken.name = manifest.file.name;
    taken.size = manifest.file.size;
    taken.manifest = manifest;
    tell_of_loss(request, dumps, report, context);
    return report;
}

DumpReport dump_or_nothing(const DumpRequest& request, const store::DumpDirectory& directory,
                           const Context& context) {
    try {
        return take_dump(request, directory, context);
    } catch (const base::Interrupted& interrupted) {
        throw base::InterruptedOperation{interrupted.signal_number(),
                                         "nothing is left of the dump"};
    }
}

/// Refuses a wrong key of a remote before the dump. Anything else that is wrong with a remote, such
/// as a missing age, must not prevent the dump.
void require_usable_recipients(const std::vector<store::RemoteSettings>& remotes,
                               const Context& context) {
    for (const store::RemoteSettings& remote : remotes) {
        try {
            (void)parse_recipients(remote.recipients, context);
        } catch (const base::Error& error) {
            if (error.kind() == base::ErrorKind::usage) {
                throw;
            }
        }
    }
}

/// The dump is good and stays, whatever becomes of its copies: a signal now is their failure.
std::vector<CopyResult> copy_there(const DumpRequest& request, const DumpReport& report,
                                   const Context& context) {
    std::vector<CopyResult> copies;
    for (const store::RemoteSettings& remote : request.remotes) {
        CopyResult failed{.remote = remote.name,
                          .dump = report.manifest.file.name,
                          .path = {},
                          .state = CopyState::failed};
        try {
            PushRequest request_to_push;
            request_to_push.directory = request.directory;
            request_to_push.dumps = {std::filesystem::absolute(report.path).native()};
            request_to_push.remotes = {remote};
            PushReport pushed = push(request_to_push, context);
            std::ranges::move(pushed.copies, std::back_inserter(copies));
            continue;
        } catch (const base::Interrupted& interrupted) {
            failed.message =
                fmt::format("signal {} ended the copying", interrupted.signal_number());
        } catch (const base::Error& error) {
            failed.message = error.what();
            failed.hint = error.hint();
        }
        copies.push_back(std::move(failed));
    }
    return copies;
}

/// The lock is held for the dump only: an upload can take longer than the time to the next dump.
DumpReport dump_and_copy(const DumpRequest& request, const store::DumpDirectory& directory,
                         const Context& context) {
    DumpReport report;
    {
        const sys::FileLock lock = directory.lock(request.connection.database);
        report = dump_or_nothing(request, directory, context);
    }
    report.copies = copy_there(request, report, context);
    if (request.retention && !report.find_copy_error()) {
        prune_earlier(request, report, context.listener,
                      [&](const PruneRequest& pruning) { return prune(pruning, context); });
    } else if (request.retention) {
        report.prune_problem = "a copy failed, so older dumps stay";
    }
    return report;
}

} // namespace

std::optional<base::Error> DumpReport::find_copy_error() const {
    const auto error = PushReport{.copies = copies}.find_error();
    return error ? std::optional{base::Error{
                       base::ErrorKind::not_copied,
                       fmt::format("the dump is good here, but: {}", error->what()), error->hint()}}
                 : std::nullopt;
}

DumpReport dump(const DumpRequest& asked, const Context& context) {
    if (asked.retention) {
        store::require_usable(*asked.retention);
    }
    pg::require_harmless(asked.options.extra);
    DumpRequest request = asked;
    request.recipients = parse_recipients(asked.recipients, context);
    require_usable_recipients(request.remotes, context);
    if (!request.recipients.empty() && context.identity) {
        (void)context.identity->fd(); // before an hour of dumping
    }
    warn_of_url(request.connection, context.listener);
    const auto directory = open_outside_of_git(request.directory, context.listener);
    if (!request.remotes.empty()) {
        return dump_and_copy(request, directory, context);
    }
    const sys::FileLock lock = directory.lock(request.connection.database);
    DumpReport report = dump_or_nothing(request, directory, context);
    if (request.retention) {
        prune_earlier(request, report, context.listener, [&](const PruneRequest& pruning) {
            return prune_locked(directory, {request.connection.database}, pruning, context.listener,
                                context.clock.now());
        });
    }
    return report;
}

} // namespace dbbackup::ops
