#pragma once

// Names of variables and files that settings come from.

namespace dbbackup::cli {

inline constexpr const char* k_url_variable = "DATABASE_URL";
inline constexpr const char* k_default_env_file = ".env";
inline constexpr const char* k_default_config = "dbbackup.toml";
/// What Next, Vite and others read over `.env`; here it is only compared.
inline constexpr const char* k_local_env_file = ".env.local";

} // namespace dbbackup::cli
