#include "store/manifest_version.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_series.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/store/server_file.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dbbackup::store {

namespace {

using Json = nlohmann::ordered_json;

/// JSON is UTF-8; names in a database may not be.
std::string text(const std::string& raw) {
    return base::to_valid_utf8(raw);
}

/// A field that is left out if unknown.
void add_known(Json& json, const char* field, const std::string& value) {
    if (!value.empty()) {
        json[field] = text(value);
    }
}

void add_known(Json& json, const char* field, const std::optional<double>& value) {
    if (value) {
        json[field] = *value;
    }
}

/// `system_identifier` and `oid` of a database.
template <typename Holder>
void add_identity(Json& json, const Holder& holder) {
    add_known(json, "system_identifier", holder.system_identifier);
    if (holder.oid != 0) {
        json["oid"] = holder.oid;
    }
}

template <typename Item>
Json list_to_json(const std::vector<Item>& items, Json (*to_json)(const Item&)) {
    Json list = Json::array();
    for (const Item& item : items) {
        list.push_back(to_json(item));
    }
    return list;
}

Json database_to_json(const Manifest::Database& database) {
    Json json{{"name", text(database.name)},
              {"host", text(database.host)},
              {"port", database.port},
              {"user", text(database.user)},
              {"server_version", text(database.server_version)},
              {"size_bytes", database.size_bytes}};
    add_known(json, "encoding", database.encoding);
    add_known(json, "locale_provider", database.locale_provider);
    add_known(json, "collate", database.collate);
    add_known(json, "ctype", database.ctype);
    add_known(json, "icu_locale", database.icu_locale);
    add_known(json, "icu_rules", database.icu_rules);
    add_known(json, "builtin_locale", database.builtin_locale);
    add_identity(json, database);
    return json;
}

Json column_to_json(const Manifest::Column& column) {
    Json json{{"name", text(column.name)}};
    add_known(json, "type", column.type);
    if (column.generated) {
        json["generated"] = true;
    }
    return json;
}

Json table_to_json(const Manifest::Table& table) {
    Json json{{"schema", text(table.schema)},
              {"name", text(table.name)},
              {"rows", table.rows},
              {"bytes", table.bytes},
              {"fingerprint", table.fingerprint},
              {"has_data", table.has_data}};
    if (!table.columns.empty()) {
        json["columns"] = list_to_json(table.columns, column_to_json);
    }
    if (!table.has_all_columns) {
        json["all_columns"] = false;
    }
    return json;
}

Json sequence_to_json(const Manifest::Sequence& sequence) {
    return {{"schema", text(sequence.schema)},
            {"name", text(sequence.name)},
            {"value", text(sequence.value)},
            {"is_called", sequence.is_called}};
}

Json constraint_to_json(const Manifest::Constraint& constraint) {
    return {{"schema", text(constraint.schema)},
            {"table", text(constraint.table)},
            {"name", text(constraint.name)}};
}

Json texts_to_json(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const std::string& raw : texts) {
        list.push_back(text(raw));
    }
    return list;
}

Json migrations_to_json(const Manifest::Migrations& migrations) {
    return {{"tool", migrations.tool},
            {"schema", text(migrations.schema)},
            {"table", text(migrations.table)},
            {"applied", texts_to_json(migrations.applied)}};
}

Json contents_to_json(const Manifest::Contents& contents) {
    Json json{{"schemas", texts_to_json(contents.schemas)},
              {"tables", list_to_json(contents.tables, table_to_json)},
              {"large_objects", contents.large_objects}};
    if (contents.state) {
        json["encoding"] = text(contents.state->encoding);
        json["sequences"] = list_to_json(contents.state->sequences, sequence_to_json);
        json["not_validated"] = list_to_json(contents.state->not_validated, constraint_to_json);
        json["migrations"] = list_to_json(contents.state->migrations, migrations_to_json);
    }
    return json;
}

Json dump_to_json(const Manifest::Dump& dump) {
    return {{"format", dump.format},
            {"compression", dump.compression},
            {"pg_dump_version", text(dump.pg_dump_version)},
            {"options", texts_to_json(dump.options)},
            {"label", dump.label ? Json(text(*dump.label)) : Json(nullptr)},
            {"safety", dump.safety},
            {"started_at", base::format_utc(dump.started_at)},
            {"finished_at", base::format_utc(dump.finished_at)},
            {"duration_ms", dump.duration_ms},
            {"warnings", texts_to_json(dump.warnings)}};
}

Json verification_to_json(const Manifest::Verification& verification) {
    Json json{{"level", verification.level},
              {"at", base::format_utc(verification.at)},
              {"result", text(verification.result)},
              {"seconds", verification.seconds}};
    add_known(json, "tool_version", verification.tool_version);
    add_known(json, "server_version", verification.server_version);
    add_known(json, "read_seconds", verification.read_seconds);
    add_known(json, "compare_seconds", verification.compare_seconds);
    add_known(json, "text_not_compared", verification.text_not_compared);
    return json;
}

Json check_to_json(const Manifest::Check& check) {
    Json json{{"level", check.level},
              {"at", base::format_utc(check.at)},
              {"result", text(check.result)},
              {"tool_version", check.tool_version}};
    add_known(json, "remote", check.remote);
    return json;
}

Json copy_to_json(const Manifest::Copy& copy) {
    return {{"remote", text(copy.remote)},
            {"name", text(copy.name)},
            {"at", base::format_utc(copy.at)},
            {"checked_by", copy.checked_by}};
}

Json before_to_json(const Manifest::Before& before) {
    Json json = Json::object();
    add_known(json, "dump_id", before.dump_id);
    add_identity(json, before);
    if (before.restored_at) {
        json["restored_at"] = base::format_utc(*before.restored_at);
    }
    return json;
}

Json restore_to_json(const Manifest::Restore& restore) {
    Json json{{"at", base::format_utc(restore.at)}};
    add_known(json, "dump_id", restore.dump_id);
    add_identity(json, restore);
    return json;
}

Json file_to_json(const Manifest::File& file) {
    return {{"name", text(file.name)}, {"size", file.size}, {"sha256", file.sha256}};
}

Json clear_database_to_json(const Manifest::Database& database) {
    Json json{{"name", text(database.name)},
              {"host", text(database.host)},
              {"port", database.port},
              {"server_version", text(database.server_version)}};
    add_identity(json, database);
    return json;
}

Json clear_dump_to_json(const Manifest::Dump& dump) {
    return {{"format", dump.format},
            {"compression", dump.compression},
            {"pg_dump_version", text(dump.pg_dump_version)},
            {"partial", scope_of(dump) == Scope::part},
            {"safety", dump.safety},
            {"started_at", base::format_utc(dump.started_at)},
            {"finished_at", base::format_utc(dump.finished_at)},
            {"duration_ms", dump.duration_ms}};
}

Json head_to_json(const Manifest& manifest, unsigned major, unsigned minor) {
    if (is_of_globals(manifest)) {
        major = k_globals_major;
        minor = k_globals_minor;
    }
    Json json{{"format_version", fmt::format("{}.{}", major, minor)}};
    if (is_of_globals(manifest)) {
        json["kind"] = k_globals_kind;
    }
    json["tool"] = {{"name", "dbbackup"}, {"version", manifest.tool_version}};
    json["dump_id"] = manifest.dump_id;
    return json;
}

/// What other commands add.
void add_later_facts(Json& json, const Manifest& manifest) {
    json["verifications"] = list_to_json(manifest.verifications, verification_to_json);
    json["checks"] = list_to_json(manifest.checks, check_to_json);
    json["copies"] = list_to_json(manifest.copies, copy_to_json);
    json["before"] = manifest.before ? before_to_json(*manifest.before) : Json(nullptr);
    json["restores"] = list_to_json(manifest.restores, restore_to_json);
    json["loss_accepted_at"] = manifest.loss_accepted_at
                                   ? Json(base::format_utc(*manifest.loss_accepted_at))
                                   : Json(nullptr);
    json["pinned"] = manifest.pinned;
}

/// The manifest as `to_text` writes it: without the columns and Contents::state if there is no room
/// for them.
std::string small_json(const Manifest& manifest, std::string (*to_text)(const Manifest&),
                       std::size_t most) {
    std::string json = to_text(manifest);
    if (json.size() <= most) {
        return json;
    }
    Manifest without_state = manifest;
    without_state.contents.state.reset();
    for (Manifest::Table& table : without_state.contents.tables) {
        table.columns.clear();
    }
    return to_text(without_state);
}

} // namespace

std::string to_json(const Manifest::Verification& verification) {
    return base::printable_json(verification_to_json(verification).dump(2));
}

std::string to_json(const Manifest::Check& check) {
    return base::printable_json(check_to_json(check).dump(2));
}

std::string to_json(const Manifest::Copy& copy) {
    return base::printable_json(copy_to_json(copy).dump(2));
}

std::string to_json(const Manifest::Restore& restore) {
    return base::printable_json(restore_to_json(restore).dump(2));
}

std::string to_open_json(const Manifest& manifest) {
    Json json = head_to_json(manifest, k_manifest_major, k_manifest_minor);
    json["database"] = database_to_json(manifest.database);
    json["dump"] = dump_to_json(manifest.dump);
    json["file"] = file_to_json(manifest.file);
    json["file"]["uncompressed_size"] = manifest.file.uncompressed_size;
    json["contents"] = contents_to_json(manifest.contents);
    add_later_facts(json, manifest);
    // People read manifests on a terminal.
    return base::printable_json(json.dump(2)) + "\n";
}

std::string to_json(const Manifest& manifest) {
    if (!manifest.seal) {
        return to_open_json(manifest);
    }
    Json json = head_to_json(manifest, k_sealed_major, k_sealed_minor);
    json["database"] = clear_database_to_json(manifest.database);
    json["dump"] = clear_dump_to_json(manifest.dump);
    json["file"] = file_to_json(manifest.file);
    json["sealed"] = {{"recipients", texts_to_json(manifest.seal->recipients)},
                      {"record", text(manifest.seal->record)}};
    add_later_facts(json, manifest);
    return base::printable_json(json.dump(2)) + "\n";
}

std::string to_sealable_json(const Manifest& manifest) {
    // Armor makes four bytes of three, with line ends as two characters in JSON.
    return small_json(manifest, to_open_json, k_most_manifest_bytes / 3 * 2);
}

std::string to_readable_json(const Manifest& manifest) {
    std::string json =
        manifest.seal ? to_json(manifest) : small_json(manifest, to_json, k_most_manifest_bytes);
    require_readable_size(json);
    return json;
}

void require_readable_size(std::string_view json) {
    if (json.size() > k_most_manifest_bytes) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("the manifest would have {}, and must not have more than {}",
                                      base::format_byte_size(json.size()),
                                      base::format_byte_size(k_most_manifest_bytes)),
                          "Too many tables for one dump: dump the schemas one by one, with -n."};
    }
}

} // namespace dbbackup::store
