#pragma once

#include <optional>
#include <string>

namespace dbbackup::cli {

/// The dump directory that the settings file of an instance of systemd's service names, if we may
/// read that file. Most name none, and use that of their unit.
[[nodiscard]] std::optional<std::string> directory_of_instance(const std::string& instance);

/// Throws base::Error{usage} unless `text`, the content of the settings file of `instance`, names a
/// database.
void require_database(const std::string& text, const std::string& instance);

} // namespace dbbackup::cli
