#include "ops/target/extension_packages.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
#include <string_view>

namespace dbbackup::ops {

namespace {

struct KnownPackage {
    std::string_view extension; ///< or the beginning of its name
    std::string_view package;   ///< with {} for the major version
};

// Names as of apt.postgresql.org, 2026.
constexpr auto k_packages = std::to_array<KnownPackage>({
    {"address_standardizer", "postgresql-{}-postgis-3"},
    {"hll", "postgresql-{}-hll"},
    {"hypopg", "postgresql-{}-hypopg"},
    {"pg_cron", "postgresql-{}-cron"},
    {"pg_hint_plan", "postgresql-{}-pg-hint-plan"},
    {"pg_partman", "postgresql-{}-partman"},
    {"pg_repack", "postgresql-{}-repack"},
    {"pgaudit", "postgresql-{}-pgaudit"},
    {"pgrouting", "postgresql-{}-pgrouting"},
    {"pgtap", "postgresql-{}-pgtap"},
    {"plperl", "postgresql-plperl-{}"},
    {"plpython3u", "postgresql-plpython3-{}"},
    {"pltcl", "postgresql-pltcl-{}"},
    {"postgis", "postgresql-{}-postgis-3"},
    {"rum", "postgresql-{}-rum"},
    {"timescaledb", "timescaledb-2-postgresql-{}"},
    {"vector", "postgresql-{}-pgvector"},
});

/// The server's own package contains PostgreSQL's own extensions.
constexpr std::string_view k_own_package = "postgresql-{}";
constexpr auto k_own = std::to_array<std::string_view>({"adminpack",
                                                        "amcheck",
                                                        "autoinc",
                                                        "bloom",
                                                        "btree_gin",
                                                        "btree_gist",
                                                        "citext",
                                                        "cube",
                                                        "dblink",
                                                        "dict_int",
                                                        "dict_xsyn",
                                                        "earthdistance",
                                                        "file_fdw",
                                                        "fuzzystrmatch",
                                                        "hstore",
                                                        "insert_username",
                                                        "intagg",
                                                        "intarray",
                                                        "isn",
                                                        "lo",
                                                        "ltree",
                                                        "moddatetime",
                                                        "pageinspect",
                                                        "pg_buffercache",
                                                        "pg_freespacemap",
                                                        "pg_prewarm",
                                                        "pg_stat_statements",
                                                        "pg_surgery",
                                                        "pg_trgm",
                                                        "pg_visibility",
                                                        "pg_walinspect",
                                                        "pgcrypto",
                                                        "pgrowlocks",
                                                        "pgstattuple",
                                                        "postgres_fdw",
                                                        "refint",
                                                        "seg",
                                                        "sslinfo",
                                                        "tablefunc",
                                                        "tcn",
                                                        "tsm_system_rows",
                                                        "tsm_system_time",
                                                        "unaccent",
                                                        "uuid-ossp",
                                                        "xml2"});

std::string_view find_package(std::string_view extension) {
    if (std::ranges::find(k_own, extension) != k_own.end()) {
        return k_own_package;
    }
    const auto known = std::ranges::find_if(k_packages, [extension](const KnownPackage& package) {
        return extension.starts_with(package.extension);
    });
    return known == k_packages.end() ? std::string_view{} : known->package;
}

} // namespace

std::string how_to_install(const std::vector<std::string>& extensions, int major) {
    std::set<std::string> packages;
    bool all_known = true;
    for (const std::string& extension : extensions) {
        const std::string_view package = find_package(extension);
        if (package.empty()) {
            all_known = false;
        } else {
            packages.insert(fmt::format(fmt::runtime(package), major));
        }
    }
    const std::string others =
        fmt::format("the packages of these extensions for PostgreSQL {}", major);
    if (packages.empty()) {
        return fmt::format("Install {} on the server's machine.", others);
    }
    return fmt::format("Install {}{} on the server's machine (Debian, Ubuntu; from "
                       "apt.postgresql.org, if the distribution lacks it).",
                       fmt::join(packages, ", "), all_known ? "" : " and " + others);
}

} // namespace dbbackup::ops
