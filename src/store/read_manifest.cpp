#include "store/manifest_version.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/manifest.hpp>

#include <charconv>
#include <concepts>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

namespace dbbackup::store {

namespace {

using Json = nlohmann::ordered_json;

base::UtcTime read_time(const Json& json, const char* field) {
    const auto& written = json.at(field).get_ref<const std::string&>();
    if (const auto time = base::parse_utc(written)) {
        return *time;
    }
    throw base::Error{base::ErrorKind::damaged, fmt::format("'{}' is not a time", field)};
}

/// nlohmann's own conversion would make a number of `true`, and another one of -1 or 1.5.
template <std::integral Number>
Number read_number(const Json& json, const char* field) {
    const Json& value = json.at(field);
    if (value.is_number_unsigned() && std::in_range<Number>(value.get<std::uint64_t>())) {
        return value.get<Number>();
    }
    throw base::Error{base::ErrorKind::damaged,
                      fmt::format("'{}' is not a whole number from 0 to {}", field,
                                  std::numeric_limits<Number>::max())};
}

/// A field that older manifests lack.
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
            .port = read_number<int>(json, "port"),
            .user = json.at("user"),
            .server_version = json.at("server_version"),
            .size_bytes = read_number<std::uint64_t>(json, "size_bytes"),
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
            .duration_ms = read_number<std::int64_t>(json, "duration_ms"),
            .warnings = json.at("warnings").get<std::vector<std::string>>()};
}

Manifest::Contents read_contents(const Json& json) {
    Manifest::Contents contents{.schemas = json.at("schemas").get<std::vector<std::string>>(),
                                .tables = {},
                                .large_objects = read_number<std::uint64_t>(json, "large_objects")};
    for (const Json& table : json.at("tables")) {
        contents.tables.push_back({.schema = table.at("schema"),
                                   .name = table.at("name"),
                                   .rows = read_number<std::uint64_t>(table, "rows"),
                                   .bytes = read_number<std::uint64_t>(table, "bytes"),
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
    if (minor_error != std::errc{} || rest != end || major < k_manifest_major) {
        throw base::Error{base::ErrorKind::damaged, fmt::format("'{}' is no version of a manifest",
                                                                base::printable(version))};
    }
    if (major > k_manifest_major) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("it is of format version {}, this dbbackup reads {}.x",
                                      base::printable(version), k_manifest_major)};
    }
}

Manifest read_manifest(const Json& json) {
    require_readable_version(json.at("format_version").get_ref<const std::string&>());
    const Json& file = json.at("file");
    Manifest manifest{
        .tool_version = json.at("tool").at("version"),
        .database = read_database(json.at("database")),
        .dump = read_dump(json.at("dump")),
        .file = {.name = file.at("name"),
                 .size = read_number<std::uint64_t>(file, "size"),
                 .sha256 = file.at("sha256"),
                 .uncompressed_size = read_number<std::uint64_t>(file, "uncompressed_size")},
        .contents = read_contents(json.at("contents")),
        .verifications = {},
        .pinned = json.at("pinned")};
    for (const Json& verification : json.at("verifications")) {
        manifest.verifications.push_back(read_verification(verification));
    }
    return manifest;
}

} // namespace

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
