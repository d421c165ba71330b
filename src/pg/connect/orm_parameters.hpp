#pragma once

#include <string_view>

namespace dbbackup::pg {

/// True for what ORMs and their pools put into a URL for themselves, and what says nothing about
/// whom the server is or how the connection is protected: `ssl=…` or `sslaccept` must not be left
/// out in silence.
[[nodiscard]] bool is_orm_parameter(std::string_view name);

} // namespace dbbackup::pg
