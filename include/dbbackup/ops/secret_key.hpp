#pragma once

#include <string_view>

namespace dbbackup::ops {

/// Whether `text` holds a secret key of age or OpenSSH, or most of one: nothing may repeat it.
[[nodiscard]] bool is_secret_key(std::string_view text);

} // namespace dbbackup::ops
