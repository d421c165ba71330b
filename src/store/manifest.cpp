#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/manifest.hpp>

#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <system_error>

namespace dbbackup::store {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view k_format_version = "1.1";
constexpr unsigned k_format_major = 1;

/// JSON is UTF-8, names in a database need not be.
std::string text(const std::string& raw) {
    return base::to_valid_utf8(raw);
}

/// A field that a reader must do without.
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
    return json;
}

Json table_to_json(const Manifest::Table& table) {
    return {{"schema", text(table.schema)},
            {"name", text(table.name)},
            {"rows", table.rows},
            {"bytes", table.bytes},
            {"fingerprint", table.fingerprint},
            {"has_data", table.has_data}};
}

Json texts_to_json(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const std::string& raw : texts) {
        list.push_back(text(raw));
    }
    return list;
}

Json contents_to_json(const Manifest::Contents& contents) {
    Json tables = Json::array();
    for (const Manifest::Table& table : contents.tables) {
        tables.push_back(table_to_json(table));
    }
    return {{"schemas", texts_to_json(contents.schemas)},
            {"tables", tables},
            {"large_objects", contents.large_objects}};
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
    return json;
}

Json verifications_to_json(const std::vector<Manifest::Verification>& verifications) {
    Json list = Json::array();
    for (const Manifest::Verification& verification : verifications) {
        list.push_back(verification_to_json(verification));
    }
    return list;
}

base::UtcTime read_time(const Json& json, const char* field) {
    const auto& written = json.at(field).get_ref<const std::string&>();
    if (const auto time = base::parse_utc(written)) {
        return *time;
    }
    throw base::Error{base::ErrorKind::damaged, fmt::format("'{}' is not a time", field)};
}

/// The reverse of add_known.
template <typename Value>
std::optional<Value> find_known(const Json& json, const char* field) {
    const auto found = json.find(field);
    return found == json.end() || found->is_null() ? std::nullopt
                                                   : std::optional{found->template get<Value>()};
}

std::string read_known(const Json& json, const char* field) {
    return find_known<std::string>(json, field).value_or("");
}

Manifest::Verification read_verification(const Json& json) {
    return {.level = json.at("level"),
            .at = read_time(json, "at"),
            .result = json.at("result"),
            .seconds = json.at("seconds"),
            .tool_version = read_known(json, "tool_version"),
            .server_version = read_known(json, "server_version"),
            .read_seconds = find_known<double>(json, "read_seconds"),
            .compare_seconds = find_known<double>(json, "compare_seconds")};
}

Manifest::Database read_database(const Json& json) {
    return {.name = json.at("name"),
            .host = json.at("host"),
            .port = json.at("port"),
            .user = json.at("user"),
            .server_version = json.at("server_version"),
            .size_bytes = json.at("size_bytes"),
            .encoding = read_known(json, "encoding"),
            .locale_provider = read_known(json, "locale_provider"),
            .collate = read_known(json, "collate"),
            .ctype = read_known(json, "ctype"),
            .icu_locale = read_known(json, "icu_locale"),
            .icu_rules = read_known(json, "icu_rules"),
            .builtin_locale = read_known(json, "builtin_locale")};
}

Manifest::Dump read_dump(const Json& json) {
    const Json& label = json.at("label");
    return {.format = json.at("format"),
            .compression = json.at("compression"),
            .pg_dump_version = json.at("pg_dump_version"),
            .options = json.at("options").get<std::vector<std::string>>(),
            .label = label.is_null() ? std::nullopt : std::optional{label.get<std::string>()},
            .safety = json.value("safety", false),
            .started_at = read_time(json, "started_at"),
            .finished_at = read_time(json, "finished_at"),
            .duration_ms = json.at("duration_ms"),
            .warnings = json.at("warnings").get<std::vector<std::string>>()};
}

Manifest::Contents read_contents(const Json& json) {
    Manifest::Contents contents{.schemas = json.at("schemas").get<std::vector<std::string>>(),
                                .tables = {},
                                .large_objects = json.at("large_objects")};
    for (const Json& table : json.at("tables")) {
        contents.tables.push_back({.schema = table.at("schema"),
                                   .name = table.at("name"),
                                   .rows = table.at("rows"),
                                   .bytes = table.at("bytes"),
                                   .fingerprint = table.at("fingerprint"),
                                   .has_data = table.at("has_data")});
    }
    return contents;
}

/// Throws base::Error{failed} for a later major version than ours, {damaged} for what is none.
void require_readable_version(const std::string& version) {
    unsigned major = 0;
    unsigned minor = 0;
    const char* const end = version.data() + version.size();
    const auto [dot, major_error] = std::from_chars(version.data(), end, major);
    const bool has_minor = major_error == std::errc{} && dot != end && *dot == '.';
    const auto [rest, minor_error] = std::from_chars(has_minor ? dot + 1 : end, end, minor);
    if (minor_error != std::errc{} || rest != end || major < k_format_major) {
        throw base::Error{base::ErrorKind::damaged, fmt::format("'{}' is no version of a manifest",
                                                                base::printable(version))};
    }
    if (major > k_format_major) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("it is of format version {}, this dbbackup reads {}.x",
                                      base::printable(version), k_format_major)};
    }
}

Manifest read_manifest(const Json& json) {
    require_readable_version(json.at("format_version").get_ref<const std::string&>());
    const Json& file = json.at("file");
    Manifest manifest{.tool_version = json.at("tool").at("version"),
                      .database = read_database(json.at("database")),
                      .dump = read_dump(json.at("dump")),
                      .file = {.name = file.at("name"),
                               .size = file.at("size"),
                               .sha256 = file.at("sha256"),
                               .uncompressed_size = file.at("uncompressed_size")},
                      .contents = read_contents(json.at("contents")),
                      .verifications = {},
                      .pinned = json.at("pinned")};
    for (const Json& verification : json.at("verifications")) {
        manifest.verifications.push_back(read_verification(verification));
    }
    return manifest;
}

} // namespace

std::string to_json(const Manifest::Verification& verification) {
    return verification_to_json(verification).dump(2);
}

std::string to_json(const Manifest& manifest) {
    const Json json{{"format_version", k_format_version},
                    {"tool", {{"name", "dbbackup"}, {"version", manifest.tool_version}}},
                    {"database", database_to_json(manifest.database)},
                    {"dump", dump_to_json(manifest.dump)},
                    {"file",
                     {{"name", text(manifest.file.name)},
                      {"size", manifest.file.size},
                      {"sha256", manifest.file.sha256},
                      {"uncompressed_size", manifest.file.uncompressed_size}}},
                    {"contents", contents_to_json(manifest.contents)},
                    {"verifications", verifications_to_json(manifest.verifications)},
                    {"pinned", manifest.pinned}};
    return json.dump(2) + "\n";
}

Manifest parse_manifest(std::string_view json, const std::string& origin) {
    const auto unreadable = [&origin](base::ErrorKind kind, const std::string& why) {
        return base::Error{
            kind, fmt::format("the manifest '{}' cannot be read: {}", base::printable(origin), why),
            "The dump beside it may be good all the same; its record is not."};
    };
    try {
        return read_manifest(Json::parse(json));
    } catch (const nlohmann::json::exception& error) {
        throw unreadable(base::ErrorKind::damaged, base::printable(error.what()));
    } catch (const base::Error& error) {
        throw unreadable(error.kind(), error.what());
    }
}

} // namespace dbbackup::store
