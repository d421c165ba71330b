#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/client_tools.hpp>
#include <dbbackup/sys/child_process.hpp>
#include <dbbackup/sys/names_in.hpp>

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <set>
#include <unistd.h>

namespace dbbackup::pg {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto k_version_timeout = 10s;

/// Debian's /usr/bin/pg_dump is a script that chooses a version by its own configuration.
constexpr std::string_view k_debian_wrapper = "pg_wrapper";

struct Place {
    fs::path parent;
    std::string_view prefix; ///< of the directory below `parent`
    std::string_view tail;   ///< below that
};

/// Where packages put one installation per major version.
std::vector<Place> versioned_places() {
    return {{"/usr/lib/postgresql", "", "bin"},
            {"/usr", "pgsql-", "bin"},
            {"/opt/homebrew/opt", "postgresql@", "bin"},
            {"/opt/homebrew/opt", "libpq", "bin"},
            {"/usr/local/opt", "postgresql@", "bin"},
            {"/usr/local/opt", "libpq", "bin"},
            {"/usr/local", "pgsql", "bin"}};
}

std::vector<fs::path> versioned_directories() {
    std::vector<fs::path> found;
    for (const Place& place : versioned_places()) {
        for (const std::string& name : sys::names_in(place.parent)) {
            if (name.starts_with(place.prefix)) {
                found.push_back(fs::path{place.parent} / name / place.tail);
            }
        }
    }
    std::ranges::sort(found);
    return found;
}

std::vector<fs::path> path_directories(std::string_view path) {
    std::vector<fs::path> found;
    while (!path.empty()) {
        const std::size_t colon = std::min(path.find(':'), path.size());
        // A relative entry of PATH would run whatever is in the current directory.
        if (path.substr(0, colon).starts_with('/')) {
            found.emplace_back(path.substr(0, colon));
        }
        path.remove_prefix(std::min(colon + 1, path.size()));
    }
    return found;
}

std::optional<ClientTools> ask_for_version(const fs::path& directory) {
    const fs::path pg_dump = directory / "pg_dump";
    if (::access(pg_dump.c_str(), X_OK) != 0) {
        return std::nullopt;
    }
    try {
        auto tools = parse_version_line(
            sys::run_and_capture({.program = fs::absolute(pg_dump).string(),
                                  .arguments = {"--version"},
                                  .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"}},
                                 k_version_timeout));
        if (tools) {
            tools->directory = fs::absolute(directory);
        }
        return tools;
    } catch (const base::SystemError& error) {
        if (error.is_shortage() || error.error_number() == EAGAIN) { // too many processes
            throw; // says nothing of the installation
        }
        return std::nullopt;
    } catch (const base::Error&) {
        return std::nullopt; // a broken installation does not count
    }
}

std::string package_hint(int server_major) {
    return fmt::format("Install the package postgresql-client-{0} (Debian, Ubuntu; from "
                       "apt.postgresql.org, if the distribution lacks it) or postgresql@{0} "
                       "(Homebrew), or name its directory with --bin-dir.",
                       server_major);
}

/// With `program` beside pg_dump, unless that is empty.
const ClientTools* find_lowest(const std::vector<ClientTools>& installed, int lowest,
                               std::string_view program) {
    const ClientTools* best = nullptr;
    for (const ClientTools& tools : installed) {
        const bool usable = program.empty() || ::access(tools.program(program).c_str(), X_OK) == 0;
        if (usable && tools.major >= lowest && (best == nullptr || tools.major < best->major)) {
            best = &tools;
        }
    }
    return best;
}

int newest_major(const std::vector<ClientTools>& installed) {
    int newest = 0;
    for (const ClientTools& tools : installed) {
        newest = std::max(newest, tools.major);
    }
    return newest;
}

} // namespace

std::string ClientTools::program(std::string_view name) const {
    return (directory / name).string();
}

void ClientTools::require_program(std::string_view name) const {
    if (::access(program(name).c_str(), X_OK) != 0) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("there is no {} beside pg_dump in '{}'", name,
                                      base::printable(directory.native())),
                          package_hint(major)};
    }
}

std::optional<ClientTools> parse_version_line(std::string_view line) {
    constexpr std::string_view k_marker = "(PostgreSQL) ";
    const std::size_t marker = line.find(k_marker);
    if (marker == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view version = line.substr(marker + k_marker.size());
    version = version.substr(0, version.find_first_of("\r\n"));
    int major = 0;
    const auto error = std::from_chars(version.data(), version.data() + version.size(), major).ec;
    if (error != std::errc{} || major <= 0) {
        return std::nullopt;
    }
    return ClientTools{.directory = {}, .version = std::string{version}, .major = major};
}

std::vector<ClientTools> find_client_tools(const std::optional<fs::path>& bin_dir,
                                           const std::string& path) {
    if (bin_dir) {
        if (auto tools = ask_for_version(*bin_dir)) {
            return {*tools};
        }
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("there is no working pg_dump in '{}'", base::printable(bin_dir->native())),
            "Name the directory that holds pg_dump and pg_restore with --bin-dir."};
    }
    std::vector<fs::path> directories = versioned_directories();
    std::ranges::copy(path_directories(path), std::back_inserter(directories));
    std::vector<ClientTools> found;
    std::set<fs::path> seen;
    for (const fs::path& directory : directories) {
        std::error_code missing;
        const fs::path real = fs::canonical(directory / "pg_dump", missing);
        if (missing || real.filename() == k_debian_wrapper || !seen.insert(real).second) {
            continue;
        }
        if (auto tools = ask_for_version(directory)) {
            found.push_back(std::move(*tools));
        }
    }
    return found;
}

const ClientTools& choose_client_tools(const std::vector<ClientTools>& installed,
                                       int server_major) {
    if (const ClientTools* best = find_lowest(installed, server_major, {})) {
        return *best;
    }
    const int newest = newest_major(installed);
    throw base::Error{
        base::ErrorKind::failed,
        newest == 0
            ? fmt::format("no pg_dump is installed; the server is version {}", server_major)
            : fmt::format("the newest installed pg_dump is version {}, the server is version {}",
                          newest, server_major),
        package_hint(server_major)};
}

const ClientTools& choose_pg_restore(const std::vector<ClientTools>& installed, int lowest) {
    if (const ClientTools* best = find_lowest(installed, lowest, "pg_restore")) {
        return *best;
    }
    if (installed.empty()) {
        throw base::Error{base::ErrorKind::failed,
                          "no pg_restore is installed, but the dump's format needs it",
                          lowest > 0 ? package_hint(lowest)
                                     : "Install postgresql-client, or name its directory with "
                                       "--bin-dir."};
    }
    if (const ClientTools* lame = find_lowest(installed, lowest, {})) {
        lame->require_program("pg_restore");
    }
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("the archive needs pg_restore {} or later, the newest installed "
                                  "is version {}",
                                  lowest, newest_major(installed)),
                      package_hint(lowest)};
}

} // namespace dbbackup::pg
