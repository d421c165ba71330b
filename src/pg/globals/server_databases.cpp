#include <dbbackup/pg/server_databases.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace dbbackup::pg {

namespace {

/// Those whose values are lists of quoted names (variable_is_guc_list_quote() of pg_dump).
constexpr std::array<std::string_view, 6> k_lists{
    "local_preload_libraries",  "search_path",      "session_preload_libraries",
    "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories"};

/// `a, "B c"` taken apart.
std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> names;
    std::string name;
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"' && is_quoted && i + 1 < text.size() && text[i + 1] == '"') {
            name += c;
            ++i;
        } else if (c == '"') {
            is_quoted = !is_quoted;
        } else if (c == ',' && !is_quoted) {
            names.push_back(std::exchange(name, {}));
        } else if (c != ' ' || is_quoted) {
            name += c;
        }
    }
    names.push_back(std::move(name));
    return names;
}

std::vector<ServerDatabase::Setting> settings_of(Session& session, const std::string& database) {
    std::vector<ServerDatabase::Setting> settings;
    for (const auto& row : session.query(
             "select s.setrole <> 0, coalesce(r.rolname, ''), c from pg_catalog.pg_db_role_setting "
             "s join pg_catalog.pg_database d on d.oid = s.setdatabase left join "
             "pg_catalog.pg_roles r on r.oid = s.setrole cross join lateral "
             "pg_catalog.unnest(s.setconfig) with ordinality as u(c, n) where d.datname = $1 "
             "order by 1, 2, n",
             {database})) {
        settings.push_back({.role = row[0] == "t" ? std::optional{row[1]} : std::nullopt,
                            .setting = parse_setting(row[2])});
    }
    return settings;
}

std::vector<ServerDatabase::Grant> grants_of(Session& session, const std::string& database) {
    std::vector<ServerDatabase::Grant> grants;
    for (const auto& row : session.query(
             "select a.grantee <> 0, pg_catalog.pg_get_userbyid(a.grantee), a.privilege_type, "
             "a.is_grantable from pg_catalog.pg_database d cross join lateral "
             "pg_catalog.aclexplode(d.datacl) a where d.datname = $1 order by 1, 2, 3",
             {database})) {
        grants.push_back({.role = row[0] == "t" ? std::optional{row[1]} : std::nullopt,
                          .privilege = row[2],
                          .grantable = row[3] == "t"});
    }
    return grants;
}

} // namespace

RoleSetting parse_setting(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
    const bool is_list = std::ranges::count(k_lists, name) > 0;
    return {.name = name, .values = is_list ? split_list(value) : std::vector<std::string>{value}};
}

std::vector<ServerDatabase> list_server_databases(Session& session) {
    std::vector<ServerDatabase> databases;
    for (const auto& row : session.query(
             "select d.datname, d.datallowconn, pg_catalog.pg_get_userbyid(d.datdba), t.spcname, "
             "d.datconnlimit, c.description is not null, coalesce(c.description, ''), d.datacl is "
             "not null from pg_catalog.pg_database d join pg_catalog.pg_tablespace t on t.oid = "
             "d.dattablespace left join pg_catalog.pg_shdescription c on c.objoid = d.oid and "
             "c.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass where not "
             "d.datistemplate order by d.datname collate \"C\"")) {
        ServerDatabase database{.name = row[0],
                                .allows_connections = row[1] == "t",
                                .owner = row[2],
                                .tablespace = row[3],
                                .comment = row[5] == "t" ? std::optional{row[6]} : std::nullopt,
                                .settings = settings_of(session, row[0]),
                                .grants = std::nullopt};
        std::from_chars(row[4].data(), row[4].data() + row[4].size(), database.connection_limit);
        if (row[7] == "t") {
            database.grants = grants_of(session, database.name);
        }
        databases.push_back(std::move(database));
    }
    return databases;
}

} // namespace dbbackup::pg
