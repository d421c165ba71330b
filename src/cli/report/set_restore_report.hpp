#pragma once

#include <dbbackup/ops/restore_set.hpp>

#include <string>

namespace dbbackup::cli {

[[nodiscard]] std::string to_text(const ops::SetRestoreReport& report);
[[nodiscard]] std::string to_json(const ops::SetRestoreReport& report);
[[nodiscard]] std::string result_line(const ops::SetRestoreReport& report);

} // namespace dbbackup::cli
