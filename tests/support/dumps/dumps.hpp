#pragma once

#include "support/program/program.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A dump that `dbbackup dump --json` took.
struct TakenDump {
    std::filesystem::path path;
    nlohmann::json manifest; ///< as in the file beside the dump
    std::string err;

    /// Its table's entry in the manifest; throws std::runtime_error if it has none.
    [[nodiscard]] const nlohmann::json& table(const std::string& schema,
                                              const std::string& name) const;
};

/// Dumps the database of `url` into `directory`. Throws std::runtime_error if that fails, or if
/// stdout and the manifest beside the dump differ.
[[nodiscard]] TakenDump take_dump(const std::string& url, const std::filesystem::path& directory,
                                  std::vector<std::string> arguments = {});

/// The SQL in the dump at `path`, read by zcat, zstd, cat or pg_restore.
[[nodiscard]] std::string sql_of(const std::filesystem::path& path);

/// `sql` of pg_dump as psql can run it on the tests' server, which may be of an earlier version.
[[nodiscard]] std::string for_the_server(std::string sql);

/// Restores the dump at `path` into the empty `database` as users do without dbbackup: `zcat |
/// psql`, `zstd -dc | psql`, `psql -f` or pg_restore. Throws std::runtime_error.
void restore_by_hand(const std::filesystem::path& path, const std::string& database);

/// The output of `pg_dump arguments…` for `database`, through without_restrict_keys().
[[nodiscard]] std::string pg_dump_of(const std::string& database,
                                     std::vector<std::string> arguments);
/// The SQL of a dump without its \restrict and \unrestrict lines, whose keys are random.
[[nodiscard]] std::string without_restrict_keys(const std::string& sql);

/// The manifest's tables as [[schema, name, rows], …], sorted.
[[nodiscard]] nlohmann::json rows_by_manifest(const nlohmann::json& manifest);
/// The same counted by the server, each table without those that inherit from it.
[[nodiscard]] nlohmann::json rows_by_server(const std::string& database);

/// The first line in which the two texts differ, or "": shorter than printing both.
[[nodiscard]] std::string first_difference(const std::string& a, const std::string& b);

/// A file of the tests' own sample data.
[[nodiscard]] std::filesystem::path data_file(const std::string& name);
/// The small shop of the demo.
[[nodiscard]] std::filesystem::path shop_file();

} // namespace dbbackup::test
