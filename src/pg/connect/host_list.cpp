#include "pg/connect/host_list.hpp"

#include <algorithm>

namespace dbbackup::pg {

namespace {

std::vector<std::string_view> elements_of(const Connection& connection, std::string_view keyword) {
    const std::string* list = connection.find(keyword);
    return list == nullptr ? std::vector<std::string_view>{} : split_list(*list);
}

/// The list without its element at `index`; a single element applies to all servers and stays.
std::string without_element(const std::string& list, std::size_t index) {
    const std::vector<std::string_view> elements = split_list(list);
    if (elements.size() == 1) {
        return list;
    }
    std::string left;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        if (i != index) {
            left += i == 0 || (i == 1 && index == 0) ? "" : ",";
            left += elements[i];
        }
    }
    return left;
}

} // namespace

std::vector<std::string_view> split_list(std::string_view list) {
    std::vector<std::string_view> elements;
    while (true) {
        const std::size_t comma = list.find(',');
        elements.push_back(list.substr(0, comma));
        if (comma == std::string_view::npos) {
            return elements;
        }
        list.remove_prefix(comma + 1);
    }
}

std::optional<Connection> without_server(Connection connection, std::string_view host,
                                         std::string_view port) {
    const std::vector<std::string_view> hosts = elements_of(connection, "host");
    const std::vector<std::string_view> addresses = elements_of(connection, "hostaddr");
    const std::vector<std::string_view> ports = elements_of(connection, "port");
    const std::size_t count = std::max(hosts.size(), addresses.size());
    const auto is_it = [&](std::size_t i) {
        const std::string_view name = i < hosts.size() && !hosts[i].empty() ? hosts[i]
                                      : i < addresses.size()                ? addresses[i]
                                                                            : std::string_view{};
        // An empty element stands for the default.
        const std::string_view own_port = ports.empty()       ? std::string_view{}
                                          : ports.size() == 1 ? ports.front()
                                          : i < ports.size()  ? ports[i]
                                                              : std::string_view{};
        return name == host && (own_port.empty() || own_port == port);
    };
    std::size_t found = 0;
    while (found < count && !is_it(found)) {
        ++found;
    }
    if (count < 2 || found == count) {
        return std::nullopt;
    }
    for (ConnectionParameter& parameter : connection.parameters) {
        if (parameter.keyword == "host" || parameter.keyword == "hostaddr" ||
            parameter.keyword == "port") {
            parameter.value = without_element(parameter.value, found);
        }
    }
    std::erase_if(connection.parameters,
                  [](const ConnectionParameter& parameter) { return parameter.value.empty(); });
    return connection;
}

} // namespace dbbackup::pg
