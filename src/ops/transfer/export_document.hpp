#pragma once

#include "ops/transfer/export_header.hpp"
#include "ops/transfer/export_output.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::ops {

/// Writes an export in one of its formats.
class ExportDocument {
public:
    virtual ~ExportDocument() = default;
    /// Rows of the next table follow; all tables, in the order of the header.
    virtual void begin_table(std::size_t table) = 0;
    /// In COPY's text format, without its line end. Throws base::Error.
    virtual void add_row(std::string_view row) = 0;
    /// Ends the last table and the export.
    virtual void finish() = 0;

    [[nodiscard]] const std::vector<std::uint64_t>& rows() const noexcept { return rows_; }

protected:
    explicit ExportDocument(std::size_t tables) : rows_(tables) {}

    std::vector<std::uint64_t> rows_; ///< of each table
};

/// `header` and `writer` must outlive it. The caller finishes the writer.
[[nodiscard]] std::unique_ptr<ExportDocument> make_json_document(const ExportHeader& header,
                                                                 TextWriter& writer);
[[nodiscard]] std::unique_ptr<ExportDocument> make_jsonl_document(const ExportHeader& header,
                                                                  TextWriter& writer);

/// Receives the bytes that were written.
using SizeListener = std::function<void(std::uint64_t)>;

/// With a file for each table, whose names are in `header.files`.
[[nodiscard]] std::unique_ptr<ExportDocument> make_csv_document(const ExportHeader& header,
                                                                sys::AtomicDirectory& directory,
                                                                SizeListener written);

/// File names for the tables of a CSV export, each once.
[[nodiscard]] std::vector<std::string> csv_files(const std::vector<pg::SourceTable>& tables);

} // namespace dbbackup::ops
