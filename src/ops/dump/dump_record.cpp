#include "ops/dump/dump_record.hpp"

#include "ops/compare/recorded_state.hpp"
#include "ops/read/manifest_difference.hpp"

namespace dbbackup::ops {

namespace {

/// The compression, as in a manifest; that of an archive is inside it.
std::string compression_text(const DumpRequest& request) {
    return request.options.format == pg::DumpFormat::custom
               ? request.options.archive_compression.value_or("gzip")
               : stream::to_string(request.compression);
}

} // namespace

store::Manifest make_manifest(const DumpRequest& request, const std::string& tool_version,
                              const ServerAccess& access, const std::string& file_name,
                              const WrittenArchive& written, const DumpFacts& facts) {
    const pg::ServerInfo& server = access.server();
    const bool custom = request.options.format == pg::DumpFormat::custom;
    return {.tool_version = tool_version,
            .database = {.name = request.connection.database,
                         .host = server.host,
                         .port = server.port,
                         .user = server.user,
                         .server_version = server.version,
                         .size_bytes = server.database_size,
                         .encoding = server.encoding,
                         .locale_provider = server.locale.provider,
                         .collate = server.locale.collate,
                         .ctype = server.locale.ctype,
                         .icu_locale = server.locale.icu_locale,
                         .icu_rules = server.locale.icu_rules,
                         .builtin_locale = server.locale.builtin_locale,
                         .system_identifier = server.identity.system_identifier,
                         .oid = server.identity.database_oid},
            .dump = {.format = custom ? "custom" : "plain",
                     .compression = compression_text(request),
                     .pg_dump_version = access.tools().version,
                     .options = facts.options,
                     .label = request.label,
                     .safety = request.purpose == Purpose::safety,
                     .started_at = facts.started_at,
                     .finished_at = facts.finished_at,
                     .duration_ms = facts.duration.count(),
                     .warnings = written.warnings},
            .file = {.name = file_name,
                     .size = written.size,
                     .sha256 = written.sha256,
                     .uncompressed_size = written.uncompressed_size},
            .contents = with_state(to_manifest(written.contents), written.state),
            .verifications = {},
            .pinned = request.pin == Pin::yes,
            .dump_id = store::make_dump_id()};
}

} // namespace dbbackup::ops
