#include "pg/connect/orm_parameters.hpp"

#include <algorithm>
#include <array>

namespace dbbackup::pg {

namespace {

constexpr auto k_orm_parameters = std::to_array<std::string_view>({
    "schema",
    "connection_limit",
    "pool_timeout",
    "socket_timeout",
    "pgbouncer",
    "statement_cache_size",
    "single_use_connections",
    "max",
    "idle_timeout",
    "max_lifetime",
    "prepare",
    "uselibpqcompat",
    "async_fallback",
    "prepared_statement_cache_size",
    "command_timeout",
    "conn_max_age",
    "conn_health_checks",
    "pool",
    "pool_size",
    "pool_mode",
    "max_overflow",
    "timeout",
    "encoding",
    "checkout_timeout",
    "reaping_frequency",
    "prepared_statements",
    "schema_search_path",
    "currentSchema",
    "supa",
    "workaround",
});

} // namespace

bool is_orm_parameter(std::string_view name) {
    return std::ranges::find(k_orm_parameters, name) != k_orm_parameters.end();
}

} // namespace dbbackup::pg
