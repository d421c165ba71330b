#include "pg/connect/host_list.hpp"

#include <dbbackup/pg/database_address.hpp>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace dbbackup::pg {

namespace {

constexpr auto k_default_port = "5432";
constexpr auto k_no_host = "(default host)";
constexpr auto k_service = "service ";

std::string normal_host(std::string_view host) {
    if (host.starts_with('/')) {
        std::error_code ignored;
        const std::filesystem::path followed = std::filesystem::weakly_canonical(host, ignored);
        std::string path = followed.empty() ? std::string{host} : followed.string();
        while (path.size() > 1 && path.ends_with('/')) {
            path.pop_back();
        }
        return path;
    }
    if (host.starts_with('@')) {
        return std::string{host};
    }
    std::string name{host};
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return name.find(':') == std::string::npos ? name : "[" + name + "]";
}

std::string normal_port(std::string_view port, const std::string& if_none) {
    port.remove_prefix(std::min(port.find_first_not_of('0'), port.size()));
    return port.empty() ? if_none : ":" + std::string{port};
}

std::vector<std::string_view> list_of(const Connection& connection, std::string_view keyword) {
    const std::string* list = connection.find(keyword);
    return list == nullptr ? std::vector<std::string_view>{} : split_list(*list);
}

} // namespace

std::string DatabaseAddress::server_text() const {
    std::string text;
    for (const std::string& server : servers) {
        text += (text.empty() ? "" : ",") + server;
    }
    return text;
}

std::string DatabaseAddress::text() const {
    return server_text() + "/" + database;
}

DatabaseAddress address_of(const Connection& connection) {
    DatabaseAddress address{.servers = {}, .database = connection.database};
    const auto addresses = list_of(connection, "hostaddr");
    // If a host has an address, its name is only used to check its certificate.
    const auto hosts = addresses.empty() ? list_of(connection, "host") : addresses;
    const auto ports = list_of(connection, "port");
    if (const std::string* service = connection.find("service")) {
        address.servers.push_back(k_service + *service);
    }
    // If the URL names none, a service or PGHOST and PGPORT may.
    const bool is_open = hosts.empty();
    const std::size_t count = std::max({hosts.size(), ports.size(), std::size_t{1}});
    for (std::size_t i = 0; i < count; ++i) {
        const std::string host =
            i < hosts.size() && !hosts[i].empty() ? normal_host(hosts[i]) : std::string{k_no_host};
        const std::string_view port = ports.size() == 1  ? ports.front()
                                      : i < ports.size() ? ports[i]
                                                         : std::string_view{};
        address.servers.push_back(
            host + normal_port(port, is_open ? "" : std::string{":"} + k_default_port));
    }
    return address;
}

bool is_at(const DatabaseAddress& address, const std::string& host, int port,
           const std::string& database) {
    if (address.database != database) {
        return false;
    }
    const std::string number = ":" + std::to_string(port);
    const bool is_local = host.starts_with('/') || host.starts_with('@') || host == "localhost";
    return std::ranges::any_of(address.servers, [&](const std::string& server) {
        if (server.starts_with(k_service)) {
            return true;
        }
        if (server.starts_with(k_no_host)) {
            const std::string rest = server.substr(std::string_view{k_no_host}.size());
            return is_local && number == (rest.empty() ? std::string{":"} + k_default_port : rest);
        }
        return server == normal_host(host) + number;
    });
}

} // namespace dbbackup::pg
