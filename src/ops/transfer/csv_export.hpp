#pragma once

#include "ops/transfer/export_source.hpp"

#include <filesystem>
#include <memory>

namespace dbbackup::ops {

/// Opens a directory of CSV files. Throws as open_export() does, without the path.
[[nodiscard]] std::unique_ptr<ExportSource> open_csv_export(const std::filesystem::path& path);

} // namespace dbbackup::ops
