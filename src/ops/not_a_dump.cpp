#include "ops/not_a_dump.hpp"

#include "pg/script_origin.hpp"

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <optional>

namespace dbbackup::ops {

namespace {

using pg::ScriptOrigin;

/// Nothing for a file whose compression is damaged: what it held nobody can tell.
std::optional<ScriptOrigin> find_origin(const DumpFile& file) {
    pg::ScriptOriginFinder finder;
    try {
        file.skim([&finder](base::Bytes bytes) { return finder.look(base::as_text(bytes)); });
    } catch (const base::Error&) {
        return std::nullopt;
    }
    return finder.origin();
}

/// `${…:?}`: without the variable, psql would go to whatever database it takes for the default.
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
            fmt::format("psql restores it, and runs every command in it, those of the shell too. "
                        "Only if you trust whoever made it: {}. Dump each database with: dbbackup "
                        "dump",
                        psql_command(file, "")));
    default:
        throw_no_dump(
            file, ": nothing in it was written by pg_dump",
            fmt::format("If it is SQL that you trust, run it with psql, which can also run shell "
                        "commands from such a file: {}",
                        psql_command(file, "-v ON_ERROR_STOP=1 --single-transaction ")));
    }
}

} // namespace dbbackup::ops
