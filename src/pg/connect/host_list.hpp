#pragma once

#include <dbbackup/pg/connection_url.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// The elements of a parameter such as `host` as libpq counts them: separated by commas, and empty
/// elements count.
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view list);

/// `connection` without the first of its several servers that libpq calls `host` (the address, if
/// it has no name) and `port`. Nothing if it has only one, or none of that name.
[[nodiscard]] std::optional<Connection> without_server(Connection connection, std::string_view host,
                                                       std::string_view port);

} // namespace dbbackup::pg
