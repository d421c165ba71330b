#pragma once

// Names of variables and files that settings come from.

#include <optional>
#include <string>

namespace dbbackup::cli {

inline constexpr const char* k_url_variable = "DATABASE_URL";
inline constexpr const char* k_default_env_file = ".env";
inline constexpr const char* k_default_config = "dbbackup.toml";
/// Next, Vite and others let it override `.env`; here it is only compared.
inline constexpr const char* k_local_env_file = ".env.local";

/// The environment's value of `name`; an empty value counts as unset.
[[nodiscard]] std::optional<std::string> find_in_environment(const std::string& name);

} // namespace dbbackup::cli
