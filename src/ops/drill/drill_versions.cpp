#include "ops/drill/drill_versions.hpp"

#include "ops/drill/server_binaries.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// Rows that break a NOT NULL, a foreign key, a unique or an exclusion constraint: they would on
/// any version. A CHECK or a partition's bounds (23514) can call what a version does differently.
constexpr auto k_of_any_version =
    std::to_array<std::string_view>({"23502", "23503", "23505", "23P01"});

/// Syntax, settings and features that a server may not know yet.
bool may_be_too_new(const RefusedByServer& error) {
    static constexpr auto k_states = std::to_array<std::string_view>({"42601", "0A000", "22023"});
    return std::ranges::find(k_states, error.sqlstate()) != k_states.end() ||
           (error.sqlstate() == "42704" &&
            std::string_view{error.what()}.find("unrecognized") != std::string_view::npos);
}

/// A library that is not there, does not load, or is of another version.
bool is_about_library(const RefusedByServer& error) {
    const std::string_view message = error.what();
    return (error.sqlstate() == "58P01" || error.sqlstate().starts_with("XX")) &&
           (message.find("library") != std::string_view::npos ||
            message.find("could not access file") != std::string_view::npos);
}

const std::string& pg_dump_version(const DrillJob& job) {
    return job.manifest ? job.manifest->dump.pg_dump_version : job.dump.inventory.pg_dump_version;
}

[[noreturn]] void throw_of_version(const RefusedByServer& error, const std::string& server_version,
                                   const std::string& origin, const std::string& hint) {
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("the dump is {}, and was drilled on PostgreSQL {}: {}",
                                  base::printable(origin),
                                  base::printable(number_of_version(server_version)), error.what()),
                      hint};
}

} // namespace

std::string_view number_of_version(std::string_view version) noexcept {
    return version.substr(0, version.find(' '));
}

const std::string& dumped_version(const DrillJob& job) {
    return job.manifest ? job.manifest->database.server_version : job.dump.inventory.server_version;
}

void require_libraries(const DrillJob& job, const RefusedByServer& error,
                       const std::string& server_version) {
    const int drilled = base::leading_number(server_version);
    const int dumped = base::leading_number(dumped_version(job));
    if (is_about_library(error) && dumped != 0 && dumped != drilled) {
        throw_of_version(
            error, server_version,
            fmt::format("from PostgreSQL {}", number_of_version(dumped_version(job))),
            fmt::format("This does not show damage: a library works with one major version only. "
                        "Install it for PostgreSQL {}, or drill the dump on PostgreSQL {}. {}",
                        drilled, dumped, how_to_get_server(dumped)));
    }
}

void require_refusal_by_dump(const DrillJob& job, const RefusedByServer& error,
                             const std::string& server_version) {
    if (std::ranges::find(k_of_any_version, error.sqlstate()) != k_of_any_version.end()) {
        return;
    }
    const int drilled = base::leading_number(server_version);
    const int dumped = base::leading_number(dumped_version(job));
    const int pg_dump = base::leading_number(pg_dump_version(job));
    if (dumped != 0 && dumped != drilled) {
        throw_of_version(
            error, server_version,
            fmt::format("from PostgreSQL {}", number_of_version(dumped_version(job))),
            fmt::format("This does not show damage: a later version can refuse what an earlier one "
                        "accepted. Drill it on PostgreSQL {}. {}",
                        dumped, how_to_get_server(dumped)));
    }
    if (pg_dump > drilled && may_be_too_new(error)) {
        throw_of_version(
            error, server_version,
            fmt::format("by pg_dump {}", number_of_version(pg_dump_version(job))),
            fmt::format("This does not show damage: pg_dump {0} writes for PostgreSQL {0} and "
                        "later. Drill it on such a server with --scratch-url.",
                        pg_dump));
    }
}

} // namespace dbbackup::ops
