#include "support/dumps/dumps.hpp"

#include "support/dumps/older_create_table.hpp"
#include "support/server/client_major.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace dbbackup::test {

namespace {

/// Written by pg_dump and pg_restore since 17, and unknown to earlier servers.
constexpr std::string_view k_setting_of_17 = "SET transaction_timeout = 0;\n";

/// The command that writes a dump's SQL to stdout, as words for a shell that has the path as `$1`.
std::string reader_of(const std::filesystem::path& path) {
    const std::string suffix = path.extension();
    if (suffix == ".gz") {
        return "zcat -- \"$1\"";
    }
    if (suffix == ".zst") {
        return "zstd -dcq -- \"$1\"";
    }
    return suffix == ".dump" ? "\"$2/pg_restore\" -f - -- \"$1\"" : "cat -- \"$1\"";
}

void remove_all(std::string& text, std::string_view part) {
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
        text.erase(at, part.size());
    }
}

ProgramResult run_shell(const std::string& script, const std::filesystem::path& path,
                        const std::string& database) {
    const Cluster& cluster = Cluster::shared();
    ProgramResult result =
        run_program({"/bin/bash", "-c", "set -o pipefail\n" + script, "sh", path.string(),
                     cluster.bin_dir().string(), cluster.url(database)});
    if (result.exit_code != 0) {
        throw std::runtime_error(script + ": " + result.err);
    }
    return result;
}

} // namespace

const nlohmann::json& TakenDump::table(const std::string& schema, const std::string& name) const {
    for (const nlohmann::json& entry : manifest.at("contents").at("tables")) {
        if (entry.at("schema") == schema && entry.at("name") == name) {
            return entry;
        }
    }
    throw std::runtime_error("the manifest has no table " + schema + "." + name);
}

TakenDump take_dump(const std::string& url, const std::filesystem::path& directory,
                    std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"dump", "--json", "--url", url, "--dir", directory.string()});
    const ProgramResult result = run_dbbackup(arguments);
    if (result.exit_code != 0) {
        throw std::runtime_error("dbbackup dump: " + result.out + result.err);
    }
    const nlohmann::json report = nlohmann::json::parse(result.out);
    TakenDump taken{
        .path = report.at("path").get<std::string>(), .manifest = {}, .err = result.err};
    taken.manifest = nlohmann::json::parse(read_file(taken.path.string() + ".json"));
    if (taken.manifest != report.at("manifest")) {
        throw std::runtime_error("the manifest is not what stdout says");
    }
    return taken;
}

std::string sql_of(const std::filesystem::path& path) {
    return run_shell(reader_of(path), path, "postgres").out;
}

std::string for_the_server(std::string sql) {
    const int server = Cluster::shared().major();
    if (server < 17) {
        remove_all(sql, k_setting_of_17);
    }
    if (server < 16) {
        remove_all(sql, ", run_as_owner = true");
    }
    if (server < 14) {
        remove_all(sql, ", streaming = off");
    }
    return server < 18 && client_major() >= 18 ? without_not_null_items(sql) : sql;
}

void restore_by_hand(const std::filesystem::path& path, const std::string& database) {
    const std::string psql = "\"$2/psql\" -Xq -v ON_ERROR_STOP=1 -d \"$3\" -o /dev/null";
    std::string script = reader_of(path) + " | " + psql;
    const std::string sql = sql_of(path);
    if (const std::string readable = for_the_server(sql); readable != sql) {
        const TempDir temp;
        write_file(temp / "readable.sql", readable);
        (void)run_shell(psql + " -f \"$1\"", temp / "readable.sql", database);
        return;
    }
    if (path.extension() == ".dump") {
        script = "\"$2/pg_restore\" --exit-on-error -d \"$3\" -- \"$1\"";
    } else if (path.extension() == ".sql") {
        script = psql + " -f \"$1\"";
    }
    (void)run_shell(script, path, database);
}

std::string pg_dump_of(const std::string& database, std::vector<std::string> arguments) {
    const ProgramResult result =
        Cluster::shared().client("pg_dump", database, std::move(arguments));
    if (result.exit_code != 0) {
        throw std::runtime_error("pg_dump: " + result.err);
    }
    return without_restrict_keys(result.out);
}

std::string without_restrict_keys(const std::string& sql) {
    std::istringstream lines{sql};
    std::string kept;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ")) {
            kept += line + "\n";
        }
    }
    return kept;
}

nlohmann::json rows_by_manifest(const nlohmann::json& manifest) {
    std::vector<nlohmann::json> rows;
    for (const nlohmann::json& table : manifest.at("contents").at("tables")) {
        rows.push_back({table.at("schema"), table.at("name"), table.at("rows")});
    }
    std::ranges::sort(rows);
    return rows;
}

nlohmann::json rows_by_server(const std::string& database) {
    const std::string counting = Cluster::shared().psql(database, R"(
        select coalesce(string_agg(
                   format('select jsonb_build_array(%L::text, %L::text, count(*)) as entry from only %I.%I',
                          nspname, relname, nspname, relname), ' union all '),
               'select null as entry where false')
        from pg_class c join pg_namespace n on n.oid = relnamespace
        where relkind = 'r' and nspname not in ('pg_catalog', 'information_schema')
          and not exists (select from pg_depend where classid = 'pg_class'::regclass
                          and objid = c.oid and deptype = 'e'))");
    const std::string counted = Cluster::shared().psql(
        database, "select coalesce(jsonb_agg(entry), '[]') from (" + counting + ") counts");
    auto rows = nlohmann::json::parse(counted).get<std::vector<nlohmann::json>>();
    std::ranges::sort(rows);
    return rows;
}

std::string first_difference(const std::string& a, const std::string& b) {
    std::istringstream lines_a{a};
    std::istringstream lines_b{b};
    std::string line_a;
    std::string line_b;
    for (int number = 1;; ++number) {
        const bool has_a = static_cast<bool>(std::getline(lines_a, line_a));
        const bool has_b = static_cast<bool>(std::getline(lines_b, line_b));
        if (!has_a && !has_b) {
            return a == b ? "" : "the end of the last line";
        }
        if (has_a != has_b || line_a != line_b) {
            return "line " + std::to_string(number) + ": '" + (has_a ? line_a.substr(0, 200) : "") +
                   "' and '" + (has_b ? line_b.substr(0, 200) : "") + "'";
        }
    }
}

std::filesystem::path data_file(const std::string& name) {
    const char* directory = std::getenv("DBBACKUP_TEST_DATA");
    if (directory == nullptr) {
        throw std::runtime_error("DBBACKUP_TEST_DATA is not set; run the tests by ctest");
    }
    return std::filesystem::path{directory} / name;
}

std::filesystem::path shop_file() {
    return data_file("../../scripts/lib/shop.sql");
}

} // namespace dbbackup::test
