#include "store/json_fields.hpp"
#include "store/manifest_parts.hpp"
#include "store/manifest_version.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/store/server_file.hpp>

#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <system_error>

namespace dbbackup::store {

namespace {

std::string read_known(const Json& json, const char* field) {
    return find_known(json, field, read_text).value_or("");
}

std::uint32_t read_oid(const Json& json) {
    return find_known(json, "oid", read_number<std::uint32_t>).value_or(0);
}

Manifest::Verification read_verification(const Json& json) {
    return {.level = read_text(json, "level"),
            .at = read_time(json, "at"),
            .result = read_text(json, "result"),
            .seconds = read_real(json, "seconds"),
            .tool_version = read_known(json, "tool_version"),
            .server_version = read_known(json, "server_version"),
            .read_seconds = find_known(json, "read_seconds", read_real),
            .compare_seconds = find_known(json, "compare_seconds", read_real),
            .text_not_compared = read_known(json, "text_not_compared")};
}

Manifest::Database read_database(const Json& json) {
    return {.name = read_text(json, "name"),
            .host = read_text(json, "host"),
            .port = read_number<int>(json, "port"),
            .user = read_text(json, "user"),
            .server_version = read_text(json, "server_version"),
            .size_bytes = read_number<std::uint64_t>(json, "size_bytes"),
            .encoding = read_known(json, "encoding"),
            .locale_provider = read_known(json, "locale_provider"),
            .collate = read_known(json, "collate"),
            .ctype = read_known(json, "ctype"),
            .icu_locale = read_known(json, "icu_locale"),
            .icu_rules = read_known(json, "icu_rules"),
            .builtin_locale = read_known(json, "builtin_locale"),
            .system_identifier = read_known(json, "system_identifier"),
            .oid = read_oid(json)};
}

Manifest::Dump read_dump(const Json& json) {
    (void)member(json, "label"); // may be null, but not missing
    return {.format = read_text(json, "format"),
            .compression = read_text(json, "compression"),
            .pg_dump_version = read_text(json, "pg_dump_version"),
            .options = read_texts(json, "options"),
            .label = find_known(json, "label", read_text),
            .safety = find_known(json, "safety", read_flag).value_or(false),
            .started_at = read_time(json, "started_at"),
            .finished_at = read_time(json, "finished_at"),
            .duration_ms = read_number<std::int64_t>(json, "duration_ms"),
            .warnings = read_texts(json, "warnings")};
}

/// Since format 1.2; empty if it is not there.
std::vector<Manifest::Column> read_columns(const Json& table) {
    std::vector<Manifest::Column> columns;
    if (table.contains("columns")) {
        for (const Json& column : read_list(table, "columns")) {
            columns.push_back(
                {.name = read_text(column, "name"),
                 .type = read_known(column, "type"),
                 .generated = find_known(column, "generated", read_flag).value_or(false)});
        }
    }
    return columns;
}

std::optional<Manifest::State> read_state(const Json& json) {
    if (!json.contains("sequences")) {
        return std::nullopt;
    }
    Manifest::State state;
    state.encoding = read_text(json, "encoding");
    for (const Json& sequence : read_list(json, "sequences")) {
        state.sequences.push_back({.schema = read_text(sequence, "schema"),
                                   .name = read_text(sequence, "name"),
                                   .value = read_text(sequence, "value"),
                                   .is_called = read_flag(sequence, "is_called")});
    }
    for (const Json& constraint : read_list(json, "not_validated")) {
        state.not_validated.push_back({.schema = read_text(constraint, "schema"),
                                       .table = read_text(constraint, "table"),
                                       .name = read_text(constraint, "name")});
    }
    for (const Json& migrations : read_list(json, "migrations")) {
        state.migrations.push_back({.tool = read_text(migrations, "tool"),
                                    .schema = read_text(migrations, "schema"),
                                    .table = read_text(migrations, "table"),
                                    .applied = read_texts(migrations, "applied")});
    }
    return state;
}

Manifest::Contents read_contents(const Json& json) {
    Manifest::Contents contents{.schemas = read_texts(json, "schemas"),
                                .tables = {},
                                .large_objects = read_number<std::uint64_t>(json, "large_objects"),
                                .state = read_state(json)};
    for (const Json& table : read_list(json, "tables")) {
        contents.tables.push_back(
            {.schema = read_text(table, "schema"),
             .name = read_text(table, "name"),
             .rows = read_number<std::uint64_t>(table, "rows"),
             .bytes = read_number<std::uint64_t>(table, "bytes"),
             .fingerprint = read_text(table, "fingerprint"),
             .has_data = read_flag(table, "has_data"),
             .columns = read_columns(table),
             .has_all_columns = find_known(table, "all_columns", read_flag).value_or(true)});
    }
    return contents;
}

/// Since format 1.3; empty if it is not there.
std::vector<Manifest::Copy> read_copies(const Json& json) {
    std::vector<Manifest::Copy> copies;
    if (json.contains("copies")) {
        for (const Json& copy : read_list(json, "copies")) {
            copies.push_back({.remote = read_text(copy, "remote"),
                              .name = read_text(copy, "name"),
                              .at = read_time(copy, "at"),
                              .checked_by = read_text(copy, "checked_by")});
        }
    }
    return copies;
}

/// Since format 1.4; nothing if it is not there.
std::optional<Manifest::Before> read_before(const Json& json) {
    const auto found = json.find("before");
    if (found == json.end() || found->is_null()) {
        return std::nullopt;
    }
    return Manifest::Before{.dump_id = read_known(*found, "dump_id"),
                            .system_identifier = read_known(*found, "system_identifier"),
                            .oid = read_oid(*found),
                            .restored_at = find_known(*found, "restored_at", read_time)};
}

std::vector<Manifest::Restore> read_restores(const Json& json) {
    std::vector<Manifest::Restore> restores;
    if (json.contains("restores")) {
        for (const Json& restore : read_list(json, "restores")) {
            restores.push_back({.at = read_time(restore, "at"),
                                .dump_id = read_known(restore, "dump_id"),
                                .system_identifier = read_known(restore, "system_identifier"),
                                .oid = read_oid(restore)});
        }
    }
    return restores;
}

/// The major version. Throws base::Error{failed} for a later one than ours, {damaged} if it is not
/// a version.
unsigned read_major_version(const std::string& version, bool is_globals) {
    unsigned major = 0;
    unsigned minor = 0;
    const char* const end = version.data() + version.size();
    const auto [dot, major_error] = std::from_chars(version.data(), end, major);
    const bool has_minor = major_error == std::errc{} && dot != end && *dot == '.';
    const auto [rest, minor_error] = std::from_chars(has_minor ? dot + 1 : end, end, minor);
    if (minor_error != std::errc{} || rest != end || major < k_manifest_major) {
        throw base::Error{
            base::ErrorKind::damaged,
            fmt::format("'{}' is not a version of a manifest", base::printable(version))};
    }
    if (major > k_sealed_major && !(is_globals && major == k_globals_major)) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("its format version is {}, but this dbbackup reads {}.x and "
                                      "{}.x",
                                      base::printable(version), k_manifest_major, k_sealed_major)};
    }
    return major;
}

/// What is in clear of a sealed dump.
Manifest read_sealed_manifest(const Json& json) {
    const Json& database = member(json, "database");
    const Json& dump = member(json, "dump");
    const Json& file = member(json, "file");
    const Json& sealed = member(json, "sealed");
    Manifest manifest;
    manifest.tool_version = read_text(member(json, "tool"), "version");
    manifest.database.name = read_text(database, "name");
    manifest.database.host = read_text(database, "host");
    manifest.database.port = read_number<int>(database, "port");
    manifest.database.server_version = read_text(database, "server_version");
    manifest.database.system_identifier = read_known(database, "system_identifier");
    manifest.database.oid = read_oid(database);
    manifest.dump.format = read_text(dump, "format");
    manifest.dump.compression = read_text(dump, "compression");
    manifest.dump.pg_dump_version = read_text(dump, "pg_dump_version");
    manifest.dump.is_part = read_flag(dump, "partial");
    manifest.dump.safety = read_flag(dump, "safety");
    manifest.dump.started_at = read_time(dump, "started_at");
    manifest.dump.finished_at = read_time(dump, "finished_at");
    manifest.dump.duration_ms = read_number<std::int64_t>(dump, "duration_ms");
    manifest.file.name = read_text(file, "name");
    manifest.file.size = read_number<std::uint64_t>(file, "size");
    manifest.file.sha256 = read_text(file, "sha256");
    manifest.seal = Manifest::Seal{.recipients = read_texts(sealed, "recipients"),
                                   .record = read_text(sealed, "record")};
    return manifest;
}

Manifest read_whole_manifest(const Json& json) {
    const Json& file = member(json, "file");
    Manifest manifest;
    manifest.tool_version = read_text(member(json, "tool"), "version");
    manifest.database = read_database(member(json, "database"));
    manifest.dump = read_dump(member(json, "dump"));
    manifest.file = {.name = read_text(file, "name"),
                     .size = read_number<std::uint64_t>(file, "size"),
                     .sha256 = read_text(file, "sha256"),
                     .uncompressed_size = read_number<std::uint64_t>(file, "uncompressed_size")};
    manifest.contents = read_contents(member(json, "contents"));
    return manifest;
}

Manifest read_manifest(const Json& json) {
    const bool is_globals = read_known(json, "kind") == k_globals_kind;
    const unsigned major = read_major_version(read_text(json, "format_version"), is_globals);
    const bool is_sealed =
        major == k_sealed_major || (major == k_globals_major && json.contains("sealed"));
    Manifest manifest = is_sealed ? read_sealed_manifest(json) : read_whole_manifest(json);
    if (is_of_globals(manifest) != is_globals) {
        throw base::Error{base::ErrorKind::damaged, "it names no database"};
    }
    manifest.pinned = read_flag(json, "pinned");
    manifest.dump_id = read_known(json, "dump_id");
    manifest.checks = read_checks(json);
    manifest.copies = read_copies(json);
    manifest.before = read_before(json);
    manifest.restores = read_restores(json);
    manifest.loss_accepted_at = find_known(json, "loss_accepted_at", read_time);
    manifest.verifications = read_verifications(json);
    return manifest;
}

} // namespace

std::vector<Manifest::Verification> read_verifications(const Json& json) {
    std::vector<Manifest::Verification> verifications;
    for (const Json& verification : read_list(json, "verifications")) {
        verifications.push_back(read_verification(verification));
    }
    return verifications;
}

std::vector<Manifest::Check> read_checks(const Json& json) {
    std::vector<Manifest::Check> checks;
    if (json.contains("checks")) {
        for (const Json& check : read_list(json, "checks")) {
            checks.push_back({.level = read_text(check, "level"),
                              .at = read_time(check, "at"),
                              .result = read_text(check, "result"),
                              .remote = read_known(check, "remote"),
                              .tool_version = read_known(check, "tool_version")});
        }
    }
    return checks;
}

Manifest parse_manifest(std::string_view json, const std::string& origin) {
    try {
        return read_manifest(parse_json(json));
    } catch (const base::Error& error) {
        throw base::Error{error.kind(),
                          fmt::format("the manifest '{}' cannot be read: {}",
                                      base::printable(origin), error.what()),
                          "The dump beside it may still be good, but its record is not."};
    }
}

Manifest open_manifest(const Manifest& sealed, std::string_view json, const std::string& origin) {
    Manifest record = parse_manifest(json, origin);
    // Both are written by whoever has the public keys. So this finds a mix-up, not a forger.
    const bool is_its_own =
        !record.seal && record.dump_id == sealed.dump_id && record.file.name == sealed.file.name &&
        record.file.size == sealed.file.size && record.file.sha256 == sealed.file.sha256 &&
        record.database.name == sealed.database.name &&
        record.dump.started_at == sealed.dump.started_at;
    if (!is_its_own) {
        throw base::Error{base::ErrorKind::damaged,
                          fmt::format("the manifest '{}' cannot be read: its sealed record is of "
                                      "another dump",
                                      base::printable(origin)),
                          "The dump beside it may still be good, but its record is not."};
    }
    Manifest open = sealed;
    open.database = std::move(record.database);
    open.dump = std::move(record.dump);
    open.dump.is_part = sealed.dump.is_part;
    open.file.uncompressed_size = record.file.uncompressed_size;
    open.contents = std::move(record.contents);
    open.seal->is_open = true;
    return open;
}

} // namespace dbbackup::store
