#include "ops/server_access.hpp"

#include <string_view>
#include <utility>

namespace dbbackup::ops {

namespace {

constexpr std::string_view k_path_variable = "PATH=";

pg::ClientTools pick_tools(const std::optional<std::filesystem::path>& bin_dir,
                           const std::vector<std::string>& environment,
                           const pg::ServerInfo& server) {
    std::string path;
    for (const std::string& entry : environment) {
        if (entry.starts_with(k_path_variable)) {
            path = entry.substr(k_path_variable.size());
        }
    }
    const auto installed = pg::find_client_tools(bin_dir, path);
    return pg::choose_client_tools(installed, pg::major_version(server.version_number));
}

} // namespace

ServerAccess::ServerAccess(const pg::Connection& connection,
                           const std::optional<std::filesystem::path>& bin_dir,
                           std::vector<std::string> caller_environment)
    : caller_environment_(std::move(caller_environment)), connection_(connection),
      server_(ask_server()), tools_(pick_tools(bin_dir, caller_environment_, server_)),
      secrets_(connection) {
    connection_ = pg::pin_to_server(connection, server_);
}

pg::ServerInfo ServerAccess::ask_server() const {
    pg::clean_own_environment(connection_, caller_environment_);
    return pg::Session{connection_}.server_info();
}

sys::Command ServerAccess::connected_command(std::string_view program,
                                             std::vector<std::string> arguments) const {
    // Ours first: an option after -- that lacks its value must not swallow them.
    arguments.insert(arguments.begin(), {"--no-password", "--dbname=" + pg::conninfo(connection_)});
    sys::Command command{.program = tools_.program(program),
                         .arguments = std::move(arguments),
                         .environment = pg::client_environment(connection_, caller_environment_),
                         .inherited_fds = secrets_.inherited_fds()};
    for (std::string& entry : secrets_.environment()) {
        command.environment.push_back(std::move(entry));
    }
    return command;
}

sys::Command ServerAccess::offline_command(std::string_view program,
                                           std::vector<std::string> arguments) const {
    return {.program = tools_.program(program),
            .arguments = std::move(arguments),
            .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"}};
}

} // namespace dbbackup::ops
