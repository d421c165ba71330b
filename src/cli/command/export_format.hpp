#pragma once

#include <dbbackup/ops/export.hpp>

#include <optional>
#include <string>

namespace dbbackup::cli {

/// Sets the format and the compression of `request` by --format and its file's ending. Throws
/// base::Error{usage} if they contradict each other or do not say it.
void choose_export_format(const std::optional<std::string>& format, ops::ExportRequest& request);

} // namespace dbbackup::cli
