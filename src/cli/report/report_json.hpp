#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/compare.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/ops/dump.hpp>
#include <dbbackup/ops/export.hpp>
#include <dbbackup/ops/import.hpp>
#include <dbbackup/ops/list.hpp>
#include <dbbackup/ops/pin.hpp>
#include <dbbackup/ops/prune.hpp>
#include <dbbackup/ops/push.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/ops/show.hpp>
#include <dbbackup/ops/status.hpp>
#include <dbbackup/ops/verify.hpp>

#include <optional>
#include <string>

namespace dbbackup::cli {

// Reports as the JSON that docs/json-output.md describes: one object, with a newline.

[[nodiscard]] std::string to_json(const ops::CompareReport& report);
[[nodiscard]] std::string to_json(const ops::DumpReport& report);
/// With an "error" if there is one.
[[nodiscard]] std::string to_json(const ops::ImportReport& report,
                                  const std::optional<base::Error>& error);
[[nodiscard]] std::string to_json(const ops::ImportUndoReport& report);
[[nodiscard]] std::string to_json(const ops::ExportReport& report);
[[nodiscard]] std::string to_json(const ops::RestoreReport& report);
[[nodiscard]] std::string to_json(const ops::ListReport& report);
[[nodiscard]] std::string to_json(const ops::ShowReport& report);
[[nodiscard]] std::string to_json(const ops::PinReport& report);
[[nodiscard]] std::string to_json(const ops::PruneReport& report);
/// With an "error" if not all copies are good.
[[nodiscard]] std::string to_json(const ops::PushReport& report);
[[nodiscard]] std::string to_json(const ops::PullReport& report);
[[nodiscard]] std::string to_json(const ops::StatusReport& report);
/// With an "error" if not all is well.
[[nodiscard]] std::string to_json(const ops::VerifyReport& report);

} // namespace dbbackup::cli
