#include "ops/archive_writer.hpp"
#include "ops/child_source.hpp"
#include "ops/free_space.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/dump.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/signals.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

std::string suffix_of(const DumpRequest& request) {
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

/// A name that nothing in the directory has. Where the clock stands still or went back, the next
/// free millisecond.
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
        return files.contains(file_name) ||
               files.contains(file_name + std::string{store::k_manifest_suffix}) ||
               files.contains(sys::AtomicFile::partial_name_of(file_name));
    };
    while (is_taken(store::format_dump_name(name))) {
        name.time += std::chrono::milliseconds{1};
    }
    return name;
}

/// How a manifest names the compression; that of a custom archive is inside it.
std::string compression_text(const DumpRequest& request) {
    return request.options.format == pg::DumpFormat::custom
               ? request.options.archive_compression.value_or("gzip")
               : stream::to_string(request.compression);
}

store::Manifest::Contents to_manifest(const pg::DumpContents& scanned) {
    store::Manifest::Contents contents{
        .schemas = scanned.schemas, .tables = {}, .large_objects = scanned.large_objects};
    for (const pg::ScannedTable& table : scanned.tables) {
        contents.tables.push_back({.schema = table.schema,
                                   .name = table.name,
                                   .rows = table.rows,
                                   .bytes = table.bytes,
                                   .fingerprint = table.fingerprint.hex(),
                                   .has_data = table.has_data});
    }
    return contents;
}

/// Gives archive and manifest their names: both durable, or neither there.
void publish(sys::AtomicFile& archive, const store::Manifest& manifest,
             const sys::Directory& directory) {
    sys::AtomicFile record{directory, archive.name() + std::string{store::k_manifest_suffix}};
    const std::string json = store::to_json(manifest);
    sys::write_all(record.fd(), base::as_bytes(json), base::printable(record.partial_path()));
    record.sync();
    archive.sync();
    // The last moment at which a signal still means "not done".
    sys::throw_if_interrupted();
    archive.commit();
    try {
        record.commit();
        directory.sync();
    } catch (...) {
        record.withdraw();
        archive.withdraw();
        throw;
    }
}

WrittenArchive write_archive(const DumpRequest& request, const ServerAccess& access,
                             sys::AtomicFile& file, std::vector<std::string> arguments,
                             Listener& listener) {
    const ArchiveJob job{
        .pg_dump = access.connected_command("pg_dump", std::move(arguments)),
        .pg_restore = access.offline_command("pg_restore", {"--file=-", file.partial_path()}),
        .file = file,
        .estimated_bytes =
            request.options.unfiltered() ? access.server().table_size.value_or(0) : 0,
        .listener = listener,
        .redact = [&request](std::string text) { return request.connection.redact(text); }};
    return request.options.format == pg::DumpFormat::custom ? write_custom(job)
                                                            : write_plain(job, request.compression);
}

void warn_of_url(const pg::Connection& connection, Listener& listener) {
    if (!connection.dropped.empty()) {
        std::string names;
        for (const std::string& name : connection.dropped) {
            names += (names.empty() ? "" : ", ") + base::printable(name);
        }
        listener.on_warning(
            fmt::format("left out of the URL, as libpq does not know it: {}", names));
    }
    if (connection.pooler_hint) {
        listener.on_warning("the URL leads to a connection pooler, through which a dump can fail "
                            "or be inconsistent; " +
                            *connection.pooler_hint);
    }
}

} // namespace

DumpReport dump(const DumpRequest& request, Listener& listener, const base::Clock& clock) {
    pg::require_harmless(request.options.extra);
    warn_of_url(request.connection, listener);
    const auto directory = store::DumpDirectory::open_or_create(request.directory);
    const sys::FileLock lock = directory.lock(request.connection.database);

    const ServerAccess access{request.connection, request.bin_dir};
    const pg::ServerInfo& server = access.server();
    listener.on_detail(fmt::format("server {} on {}:{}, pg_dump {} from {}", server.version,
                                   base::printable(server.host), server.port,
                                   access.tools().version, access.tools().directory.native()));
    require_room(request, server, directory, suffix_of(request));
    auto arguments = pg::dump_arguments(request.options, access.tools().major);

    const auto started = std::chrono::steady_clock::now();
    const base::UtcTime started_at = clock.now();
    const store::DumpName name = choose_name(request, directory, started_at, listener);
    sys::AtomicFile file{directory.files(), store::format_dump_name(name)};
    const WrittenArchive written = write_archive(request, access, file, arguments, listener);
    listener.on_progress({.phase = Progress::Phase::finishing});

    const store::Manifest manifest{
        .tool_version = request.tool_version,
        .database = {.name = request.connection.database,
                     .host = server.host,
                     .port = server.port,
                     .user = server.user,
                     .server_version = server.version,
                     .size_bytes = server.database_size},
        .dump = {.format = request.options.format == pg::DumpFormat::custom ? "custom" : "plain",
                 .compression = compression_text(request),
                 .pg_dump_version = access.tools().version,
                 .options = std::move(arguments),
                 .label = request.label,
                 .started_at = started_at,
                 .finished_at = clock.now(),
                 .duration_ms = elapsed_since(started).count()},
        .file = {.name = file.name(),
                 .size = written.size,
                 .sha256 = written.sha256,
                 .uncompressed_size = written.uncompressed_size},
        .contents = to_manifest(written.contents),
        .verifications = {},
        .pinned = request.pin == Pin::yes};
    publish(file, manifest, directory.files());
    return {.path = directory.files().path_of(file.name()), .manifest = manifest};
}

} // namespace dbbackup::ops
