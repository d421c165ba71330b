#include "ops/drill/server_binaries.hpp"

#include <dbbackup/base/error.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <unistd.h>
#include <vector>

namespace dbbackup::ops {

namespace {

namespace fs = std::filesystem;

bool has_server(const pg::ClientTools& tools) {
    return std::ranges::all_of(std::array{"initdb", "postgres"}, [&tools](const char* program) {
        return ::access(tools.program(program).c_str(), X_OK) == 0;
    });
}

std::vector<pg::ClientTools> find_servers(const std::optional<fs::path>& bin_dir,
                                          const std::string& path_variable) {
    std::vector<pg::ClientTools> found = pg::find_client_tools(bin_dir, path_variable);
    std::erase_if(found, [](const pg::ClientTools& tools) { return !has_server(tools); });
    // A directory with only clients just says which clients to use.
    return found.empty() && bin_dir ? find_servers(std::nullopt, path_variable) : found;
}

} // namespace

std::string how_to_get_server(int major) {
    return fmt::format("Install {} (Debian, Ubuntu; from apt.postgresql.org, if the distribution "
                       "lacks it), or use your own server with --scratch-url.",
                       major == 0 ? std::string{"postgresql"}
                                  : fmt::format("the package postgresql-{}", major));
}

pg::ClientTools choose_server_binaries(const std::optional<fs::path>& bin_dir,
                                       const std::string& path_variable, int major) {
    std::vector<pg::ClientTools> found = find_servers(bin_dir, path_variable);
    std::ranges::stable_sort(found, {}, &pg::ClientTools::major);
    const auto suitable = std::ranges::find_if(
        found, [major](const pg::ClientTools& tools) { return tools.major >= major; });
    if (major == 0 && !found.empty()) {
        return found.back();
    }
    if (suitable != found.end()) {
        return *suitable;
    }
    throw base::Error{base::ErrorKind::failed,
                      found.empty() ? "no PostgreSQL server is installed for the scratch database"
                                    : fmt::format("the newest installed PostgreSQL server is "
                                                  "version {}, but the dump is from version {}",
                                                  found.back().major, major),
                      how_to_get_server(major)};
}

} // namespace dbbackup::ops
