#include "store/json_fields.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_set.hpp>
#include <dbbackup/store/server_file.hpp>
#include <dbbackup/sys/user.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::store {

namespace {

constexpr const char* k_kind = "set";
constexpr const char* k_version = "1.0";
constexpr std::string_view k_major = "1.";

/// Bytes that are not UTF-8 (of names of a database in SQL_ASCII, say) would be lost.
Json member_to_json(const DumpSet::Member& dump) {
    return {{"file", dump.file}, {"dump_id", dump.dump_id}, {"sha256", dump.sha256}};
}

Json or_null(const std::optional<std::string>& text) {
    return text ? Json(*text) : Json(nullptr);
}

Json database_to_json(const DumpSet::Database& database) {
    Json settings = Json::array();
    for (const DumpSet::Setting& setting : database.settings) {
        settings.push_back(
            {{"role", or_null(setting.role)}, {"name", setting.name}, {"values", setting.values}});
    }
    Json grants = nullptr;
    if (database.grants) {
        grants = Json::array();
        for (const DumpSet::Grant& grant : *database.grants) {
            grants.push_back({{"role", or_null(grant.role)},
                              {"privilege", grant.privilege},
                              {"grantable", grant.grantable}});
        }
    }
    return {{"name", database.name},
            {"dump", member_to_json(database.dump)},
            {"encoding", database.encoding},
            {"locale_provider", database.locale_provider},
            {"collate", database.collate},
            {"ctype", database.ctype},
            {"icu_locale", database.icu_locale},
            {"icu_rules", database.icu_rules},
            {"builtin_locale", database.builtin_locale},
            {"owner", database.owner},
            {"tablespace", database.tablespace},
            {"connection_limit", database.connection_limit},
            {"comment", or_null(database.comment)},
            {"settings", std::move(settings)},
            {"grants", std::move(grants)}};
}

[[noreturn]] void throw_damaged(const std::string& what) {
    throw base::Error{base::ErrorKind::damaged, what};
}

/// A name that leads out of the directory, or is hidden in it, is never a dump's.
DumpSet::Member read_member(const Json& json, bool is_globals) {
    DumpSet::Member dump{.file = read_text(json, "file"),
                         .dump_id = read_text(json, "dump_id"),
                         .sha256 = read_text(json, "sha256")};
    const auto server_file = parse_server_file(dump.file);
    const bool fits = is_globals ? server_file && server_file->kind == ServerFile::Kind::globals
                                 : parse_dump_name(dump.file).has_value();
    if (!fits || dump.dump_id.empty() || dump.file.find('/') != std::string::npos) {
        throw_damaged(fmt::format("'{}' is not the name of a dump", base::printable(dump.file)));
    }
    return dump;
}

std::vector<DumpSet::Setting> read_settings(const Json& json) {
    std::vector<DumpSet::Setting> settings;
    for (const Json& setting : read_list(json, "settings")) {
        settings.push_back({.role = find_known(setting, "role", read_text),
                            .name = read_text(setting, "name"),
                            .values = read_texts(setting, "values")});
    }
    return settings;
}

std::optional<std::vector<DumpSet::Grant>> read_grants(const Json& json) {
    if (member(json, "grants").is_null()) {
        return std::nullopt;
    }
    std::vector<DumpSet::Grant> grants;
    for (const Json& grant : read_list(json, "grants")) {
        const std::string privilege = read_text(grant, "privilege");
        if (privilege != "CONNECT" && privilege != "CREATE" && privilege != "TEMPORARY") {
            throw_damaged(
                fmt::format("'{}' is not a privilege on a database", base::printable(privilege)));
        }
        grants.push_back({.role = find_known(grant, "role", read_text),
                          .privilege = privilege,
                          .grantable = read_flag(grant, "grantable")});
    }
    return grants;
}

std::int64_t read_limit(const Json& json) {
    const Json& value = member(json, "connection_limit");
    if (!value.is_number_integer() || value.get<std::int64_t>() < -1 ||
        value.get<std::int64_t>() > std::numeric_limits<std::int32_t>::max()) {
        throw_damaged("'connection_limit' is not a limit");
    }
    return value.get<std::int64_t>();
}

DumpSet::Database read_database(const Json& json) {
    return {.name = read_text(json, "name"),
            .dump = read_member(member(json, "dump"), false),
            .encoding = read_text(json, "encoding"),
            .locale_provider = read_text(json, "locale_provider"),
            .collate = read_text(json, "collate"),
            .ctype = read_text(json, "ctype"),
            .icu_locale = read_text(json, "icu_locale"),
            .icu_rules = read_text(json, "icu_rules"),
            .builtin_locale = read_text(json, "builtin_locale"),
            .owner = read_text(json, "owner"),
            .tablespace = read_text(json, "tablespace"),
            .connection_limit = read_limit(json),
            .comment = find_known(json, "comment", read_text),
            .settings = read_settings(json),
            .grants = read_grants(json)};
}

DumpSet read_set(const Json& json) {
    const std::string version = read_text(json, "format_version");
    if (read_text(json, "kind") != k_kind) {
        throw_damaged("it is not a set");
    }
    if (!version.starts_with(k_major)) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("its format version is {}, but this dbbackup reads {}x",
                                      base::printable(version), k_major)};
    }
    const Json& server = member(json, "server");
    DumpSet set{.tool_version = read_text(member(json, "tool"), "version"),
                .created_at = read_time(json, "created_at"),
                .host = read_text(server, "host"),
                .port = read_number<int>(server, "port"),
                .server_version = read_text(server, "version"),
                .system_identifier = read_text(server, "system_identifier"),
                .globals = read_member(member(json, "globals"), true),
                .databases = {}};
    for (const Json& database : read_list(json, "databases")) {
        set.databases.push_back(read_database(database));
        const auto same =
            std::ranges::count(set.databases, set.databases.back().name, &DumpSet::Database::name);
        if (same > 1) {
            throw_damaged("it has a database twice");
        }
    }
    return set;
}

SetEntry read_entry(const DumpDirectory& directory, const std::string& name,
                    const ServerFile& parsed, const sys::FileFacts& file) {
    SetEntry entry{
        .name = name, .time = parsed.time, .size = file.size, .set = std::nullopt, .problem = {}};
    try {
        const sys::OwnedText text = directory.files().read_owned_file(name, k_most_manifest_bytes);
        entry.is_foreign = !directory.files().trusts(text.owner);
        if (entry.is_foreign) {
            entry.problem = "it belongs to " + sys::describe_user(text.owner);
            return entry;
        }
        entry.set = parse_set(text.text, name);
    } catch (const base::SystemError& error) {
        if (error.is_shortage()) {
            throw;
        }
        entry.problem = error.what();
    } catch (const base::Error& error) {
        entry.problem = error.what();
    }
    return entry;
}

} // namespace

std::string to_json(const DumpSet& set) {
    Json databases = Json::array();
    for (const DumpSet::Database& database : set.databases) {
        databases.push_back(database_to_json(database));
    }
    const Json json{{"format_version", k_version},
                    {"kind", k_kind},
                    {"tool", {{"name", "dbbackup"}, {"version", set.tool_version}}},
                    {"created_at", base::format_utc(set.created_at)},
                    {"server",
                     {{"host", set.host},
                      {"port", set.port},
                      {"version", set.server_version},
                      {"system_identifier", set.system_identifier}}},
                    {"globals", member_to_json(set.globals)},
                    {"databases", std::move(databases)}};
    try {
        return base::printable_json(json.dump(2)) + "\n";
    } catch (const nlohmann::json::exception&) {
        throw base::Error{base::ErrorKind::failed,
                          "a name or a setting of the server is not valid UTF-8"};
    }
}

DumpSet parse_set(std::string_view json, const std::string& origin) {
    try {
        return read_set(parse_json(json));
    } catch (const base::Error& error) {
        throw base::Error{
            error.kind(),
            fmt::format("the set '{}' cannot be read: {}", base::printable(origin), error.what()),
            "The dumps that it lists may still be good: each restores alone."};
    }
}

std::vector<SetEntry> list_sets(const DumpDirectory& directory) {
    std::vector<SetEntry> sets;
    for (const std::string& name : directory.files().entries()) {
        const auto parsed = parse_server_file(name);
        const auto file = parsed && parsed->kind == ServerFile::Kind::set
                              ? directory.files().find_file(name)
                              : std::nullopt;
        if (file) {
            sets.push_back(read_entry(directory, name, *parsed, *file));
        }
    }
    std::ranges::sort(sets, [](const SetEntry& a, const SetEntry& b) {
        return a.time != b.time ? a.time > b.time : a.name > b.name;
    });
    return sets;
}

std::vector<std::string> find_missing(const DumpSet& set, const DumpDirectory& directory) {
    std::vector<std::string> missing;
    const auto check = [&](const DumpSet::Member& dump) {
        const auto entry = directory.find(dump.file);
        if (!entry || entry->is_foreign() || !entry->manifest ||
            entry->manifest->dump_id != dump.dump_id ||
            entry->manifest->file.sha256 != dump.sha256) {
            missing.push_back(dump.file);
        }
    };
    check(set.globals);
    for (const DumpSet::Database& database : set.databases) {
        check(database.dump);
    }
    return missing;
}

} // namespace dbbackup::store
