#pragma once

#include <string>
#include <string_view>

namespace dbbackup::ops {

/// A sealed file as text: the strict PEM of age's specification.
[[nodiscard]] std::string armored(std::string_view sealed);

} // namespace dbbackup::ops
