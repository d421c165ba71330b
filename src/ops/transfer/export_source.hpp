#pragma once

#include "ops/transfer/import_source.hpp"

#include <dbbackup/ops/context.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace dbbackup::ops {

/// Whether the file, or the directory of CSV files, is an export, by its content.
[[nodiscard]] bool looks_like_export(const std::filesystem::path& path);

/// An export that was read and found sound.
class ExportSource : public ImportSource {
public:
    [[nodiscard]] virtual std::uint64_t size() const = 0;      ///< bytes of its files
    [[nodiscard]] virtual std::uint64_t text_size() const = 0; ///< decompressed
    /// Whether nothing could have changed unnoticed: an export that another program wrote may have
    /// no SHA-256.
    [[nodiscard]] virtual bool is_summed() const = 0;
};

/// Opens an export in any of its formats, and reads all of it. read_rows() reads the same open
/// file again; for CSV, files whose SHA-256 must be the same. Throws base::Error: {damaged} if it
/// is cut off or changed, {failed} if it is no export or cannot be read.
[[nodiscard]] std::unique_ptr<ExportSource> open_export(const std::filesystem::path& path,
                                                        const Context& context);

} // namespace dbbackup::ops
