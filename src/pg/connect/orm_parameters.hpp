#pragma once

#include <string_view>

namespace dbbackup::pg {

/// True for parameters that ORMs and their pools put into a URL for themselves, and that do not
/// affect which server is meant or how the connection is protected: `ssl=…` or `sslaccept` must not
/// be ignored silently.
[[nodiscard]] bool is_orm_parameter(std::string_view name);

} // namespace dbbackup::pg
