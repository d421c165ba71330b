#include "ops/read/not_a_dump.hpp"

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/script_origin.hpp>

#include <fmt/format.h>
#include <optional>
#include <string_view>

namespace dbbackup::ops {

namespace {

using pg::ScriptOrigin;

/// Nothing for a file with damaged compression: its content is unknown.
std::optional<ScriptOrigin> find_origin(const DumpFile& file) {
    pg::ScriptOriginFinder finder;
    try {
        file.skim([&finder](base::Bytes bytes) { return finder.look(base::as_text(bytes)); });
    } catch (const base::Error&) {
        return std::nullopt;
    }
    return finder.origin();
}

/// `${…:?}`: without the variable, psql would connect to its default database.
std::string psql_command(const DumpFile& file, const std::string& options) {
    constexpr const char* k_target = "\"${DATABASE_URL:?}\"";
    const std::string path = base::shell_words({file.path()});
    switch (file.compression()) {
    case stream::CompressionMethod::none:
        return fmt::format("psql -X {}-f {} {}", options, path, k_target);
    case stream::CompressionMethod::gzip:
        return fmt::format("gunzip -c {} | psql -X {}-f - {}", path, options, k_target);
    case stream::CompressionMethod::zstd:
        return fmt::format("zstd -dc {} | psql -X {}-f - {}", path, options, k_target);
    }
    return {};
}

/// Enough for the text that pg_dump writes before the first object.
std::string read_beginning(const DumpFile& file) {
    constexpr std::size_t k_enough = 64 * 1024;
    std::string sql;
    if (file.is_archive()) {
        return sql;
    }
    try {
        file.skim([&sql](base::Bytes bytes) {
            sql += base::as_text(bytes).substr(0, k_enough - sql.size());
            return sql.size() < k_enough;
        });
    } catch (const base::Error&) {
        return {}; // its content is unknown
    }
    return sql;
}

/// The word after the first \connect, unchanged.
std::string database_of_connect(const std::string& sql) {
    constexpr std::string_view k_command = "\n\\connect ";
    const std::size_t found = sql.find(k_command);
    if (found == std::string::npos) {
        return {};
    }
    const std::size_t start = found + k_command.size();
    std::string rest = sql.substr(start, sql.find('\n', start) - start);
    // -reuse-previous=on "dbname='two words'"
    const std::size_t quoted = rest.find("dbname='");
    return quoted == std::string::npos ? rest
                                       : rest.substr(quoted + 8, rest.rfind('\'') - quoted - 8);
}

[[noreturn]] void throw_no_dump(const DumpFile& file, const std::string& why,
                                const std::string& hint) {
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("'{}' is not a dump{}", base::printable(file.path()), why), hint};
}

} // namespace

void require_sign_of_dump(const DumpFile& file) {
    if (file.is_known_as_dump() || file.is_archive()) {
        return;
    }
    const auto origin = find_origin(file);
    if (!origin || origin == ScriptOrigin::pg_dump) {
        return;
    }
    switch (*origin) {
    case ScriptOrigin::nothing:
        throw_no_dump(file, ": it is empty",
                      "Whatever wrote it failed, or the disk was full. Use another dump.");
    case ScriptOrigin::binary:
        throw_no_dump(file, ": it is neither SQL nor an archive of pg_dump", "Use another file.");
    case ScriptOrigin::mysql:
        throw_no_dump(file, " of PostgreSQL: it is one of MySQL or MariaDB",
                      "PostgreSQL cannot run it. A converter such as pgloader can copy the MySQL "
                      "database.");
    case ScriptOrigin::archive_list:
        throw_no_dump(file, ": it is a list of what an archive holds (pg_restore --list)",
                      "Name the archive itself.");
    case ScriptOrigin::pg_dumpall:
        throw_no_dump(
            file, " of one database: it is one of a whole server, by pg_dumpall",
            fmt::format(
                "psql can restore it, but runs every command in it, shell commands too. Only if "
                "you trust whoever made it: {}. To dump a single database: dbbackup dump",
                psql_command(file, "")));
    default:
        throw_no_dump(
            file, ": nothing in it was written by pg_dump",
            fmt::format("If it is SQL that you trust, run it with psql, which can also run shell "
                        "commands from such a file: {}",
                        psql_command(file, "-v ON_ERROR_STOP=1 --single-transaction ")));
    }
}

std::string hint_for_created_database(const DumpFile& file) {
    const std::string sql = read_beginning(file);
    const std::string database = database_of_connect(sql);
    if (sql.find("\nCREATE DATABASE ") == std::string::npos || database.empty()) {
        return {};
    }
    const std::string cause =
        fmt::format("pg_dump --create made it: it creates its own database, {}, whatever the URL "
                    "says. If that database still exists, dump it again without that flag. ",
                    base::printable(database));
    return sql.find("\nDROP DATABASE ") != std::string::npos
               ? cause + "psql can run the file, but would first drop the database of that name "
                         "(--clean)."
               : fmt::format("{}Otherwise create it with psql: {}. Only if you trust the file: "
                             "psql can also run shell commands from it.",
                             cause, psql_command(file, "-v ON_ERROR_STOP=1 "));
}

} // namespace dbbackup::ops
