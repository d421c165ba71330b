#pragma once

#include <dbbackup/ops/verify.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/stream/encoder.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace dbbackup::test {

/// `sql` compressed as dbbackup does.
[[nodiscard]] std::string compressed(std::string_view sql, const stream::Compression& compression);

/// The manifest of a file `name` that contains `content`, which is compressed `sql`.
[[nodiscard]] store::Manifest manifest_of(const std::string& name, std::string_view content,
                                          std::string_view sql);

/// Writes `sql` into `directory` as dump `name`, compressed as the name says, and its manifest. No
/// server is needed. Returns its path.
std::filesystem::path write_sample_dump(const std::filesystem::path& directory,
                                        const std::string& name, std::string_view sql);

/// The path of the manifest of the dump `path`.
[[nodiscard]] std::filesystem::path manifest_path(const std::filesystem::path& path);

/// Sets size and SHA-256 in the manifest of the dump `path` to those of the file now.
void correct_manifest(const std::filesystem::path& path);

/// A dump of two tables, `first` and `second`, whose rows are these lines.
[[nodiscard]] std::string sql_of_tables(std::string_view first_rows, std::string_view second_rows);

/// Row `number` of many: some of its columns compress well, some do not.
[[nodiscard]] std::string sample_row(std::uint64_t number);

/// Verifies the dump `path` in this process, by reading, and returns the finding.
[[nodiscard]] ops::VerifiedDump verify_here(const std::filesystem::path& path);

} // namespace dbbackup::test
