#pragma once

#include "ops/transfer/export_header.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A table of an export, and its rows in COPY's text format.
struct SampleTable {
    pg::SourceTable table;
    std::vector<std::string> rows;
};

/// Writes an export of these tables to `path`; by its ending: JSON, JSONL, or a directory of CSV,
/// compressed if it ends in .gz.
void write_export(const std::filesystem::path& path, const std::vector<SampleTable>& tables);

/// What open_export() reads from it; the numbers of rows are in the tables. Throws base::Error.
[[nodiscard]] std::vector<SampleTable> read_export(const std::filesystem::path& path);

/// A table of many types with every value that is easily lost: control characters, JavaScript's
/// line ends, NULL and texts that look like it, numbers that no double can hold.
[[nodiscard]] SampleTable nasty_table();

} // namespace dbbackup::test
