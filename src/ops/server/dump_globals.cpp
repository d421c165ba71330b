#include "ops/client/child_outcome.hpp"
#include "ops/client/child_reader.hpp"
#include "ops/dump/archive_writer.hpp"
#include "ops/dump/dump_record.hpp"
#include "ops/dump/keep_out_of_git.hpp"
#include "ops/dump/publish_dump.hpp"
#include "ops/seal/seal_sink.hpp"
#include "ops/seal/sealed_manifest.hpp"
#include "ops/server/server_names.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/interrupted_operation.hpp>
#include <dbbackup/ops/dump_server.hpp>
#include <dbbackup/ops/recipients.hpp>
#include <dbbackup/pg/globals.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/fd_sink.hpp>

#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

/// pg_dumpall expands a name that looks like a connection string, so it is given as one.
std::string as_conninfo(const std::string& database) {
    std::string text = "dbname='";
    for (const char c : database) {
        text += c == '\'' || c == '\\' ? "\\" : "";
        text += c;
    }
    return text + "'";
}

std::vector<std::string> arguments_of(const ServerDumpRequest& request) {
    // The encoding is what restore expects; it is not the database's.
    std::vector<std::string> arguments{"--globals-only", "--encoding=UTF8"};
    if (request.passwords == RolePasswords::leave_out) {
        arguments.emplace_back("--no-role-passwords");
    }
    return arguments;
}

/// What failed is told in terms of our own flag.
[[noreturn]] void throw_failure(const base::Error& error, RolePasswords passwords) {
    const bool is_denied =
        std::string_view{error.what()}.find("pg_authid") != std::string_view::npos;
    if (is_denied && passwords == RolePasswords::dump) {
        throw base::Error{error.kind(), error.what(),
                          "Only a superuser may read the hashes of passwords. Leave out "
                          "--role-passwords."};
    }
    throw error;
}

/// All but the file's size and SHA-256.
WrittenArchive write_sql(const sys::Command& pg_dumpall, const ChildWatch& watch,
                         const stream::Compression& compression, stream::Sink& output) {
    stream::BlockPool blocks{stream::k_block_size};
    const auto encoder = stream::make_encoder(compression, output, blocks);
    pg::GlobalsReader reader;
    sys::ChildProcess child{pg_dumpall};
    ChildReader sql{child};
    WrittenArchive written;
    written.uncompressed_size = stream::pump(sql, {&reader}, *encoder, blocks);
    written.warnings = require_success(child, watch);
    reader.finish();
    if (!reader.incompleteness().empty()) {
        throw base::Error{base::ErrorKind::damaged,
                          fmt::format("{} exited 0, but its output is not a complete dump: {}",
                                      child.name(), reader.incompleteness()),
                          "Nothing of it was kept. Run it again."};
    }
    return written;
}

WrittenArchive write_file(const sys::Command& pg_dumpall, const ChildWatch& watch,
                          const stream::Compression& compression, const sys::AtomicFile& file,
                          const std::optional<Sealing>& seal) {
    if (seal) {
        SealSink sink{seal->age, seal->recipients, file.fd(), file.partial_path()};
        WrittenArchive written;
        try {
            written = write_sql(pg_dumpall, watch, compression, sink);
        } catch (const base::Error&) {
            sink.throw_cause();
            throw;
        }
        written.sha256 = sink.sum().sha256;
        written.size = sink.sum().size;
        return written;
    }
    stream::Checksum checksum;
    stream::FdSink disk{file.fd(), file.partial_path()};
    stream::ObservedSink output{disk, checksum};
    WrittenArchive written = write_sql(pg_dumpall, watch, compression, output);
    written.sha256 = checksum.sha256();
    written.size = checksum.size();
    return written;
}

/// The name says which server; what is of one of its databases is not about the server.
store::Manifest manifest_of(const ServerDumpRequest& request, const std::string& tool_version,
                            const ServerAccess& access, const std::string& file_name,
                            const WrittenArchive& written, const DumpFacts& facts) {
    store::Manifest manifest =
        make_manifest(request.dump, tool_version, access, file_name, written, facts);
    store::Manifest::Database server;
    server.host = manifest.database.host;
    server.port = manifest.database.port;
    server.user = manifest.database.user;
    server.server_version = manifest.database.server_version;
    server.system_identifier = manifest.database.system_identifier;
    manifest.database = std::move(server);
    manifest.contents = {};
    return manifest;
}

} // namespace

DumpReport dump_globals_locked(const ServerDumpRequest& asked,
                               const store::DumpDirectory& directory, const Context& context) {
    ServerDumpRequest request = asked;
    request.dump.options.format = pg::DumpFormat::plain;
    const ServerAccess access{request.dump.connection, context};
    access.tools().require_program("pg_dumpall");
    DumpFacts facts{.options = arguments_of(request),
                    .started_at = context.clock.now(),
                    .finished_at = {},
                    .duration = {}};
    const auto started = std::chrono::steady_clock::now();
    std::vector<std::string> arguments = facts.options;
    arguments.push_back("--database=" + as_conninfo(request.dump.connection.database));
    const sys::Command pg_dumpall = access.connected_command("pg_dumpall", std::move(arguments));
    sys::AtomicFile file{directory.files(),
                         choose_server_name(store::ServerFile::Kind::globals,
                                            globals_suffix(request.dump), access.server().host,
                                            directory, facts.started_at)};
    const auto seal = request.dump.recipients.empty()
                          ? std::nullopt
                          : std::optional{Sealing{AgeProgram{context}, request.dump.recipients}};
    const ChildWatch watch{.listener = context.listener, .connection = &request.dump.connection};
    WrittenArchive written;
    try {
        written = write_file(pg_dumpall, watch, request.dump.compression, file, seal);
    } catch (const base::Error& error) {
        throw_failure(error, request.passwords);
    }
    facts.finished_at = context.clock.now();
    facts.duration = elapsed_since(started);
    store::Manifest manifest =
        manifest_of(request, context.tool_version, access, file.name(), written, facts);
    if (seal) {
        manifest = seal_manifest(std::move(manifest), seal->recipients, seal->age);
    }
    publish_dump(file, store::to_readable_json(manifest), directory.files(), context.listener);
    return {.path = directory.files().path_of(file.name()),
            .manifest = manifest,
            .prune = std::nullopt,
            .prune_problem = {}};
}

DumpReport dump_globals(const ServerDumpRequest& asked, const Context& context) {
    ServerDumpRequest request = asked;
    request.dump.recipients = parse_recipients(asked.dump.recipients, context);
    warn_of_url(request.dump.connection, context.listener);
    const auto directory = open_outside_of_git(request.dump.directory, context.listener);
    const sys::FileLock lock = directory.lock(store::k_no_database);
    try {
        return dump_globals_locked(request, directory, context);
    } catch (const base::Interrupted& interrupted) {
        throw base::InterruptedOperation{interrupted.signal_number(),
                                         "nothing is left of the dump"};
    }
}

} // namespace dbbackup::ops
