#pragma once

#include "ops/transfer/text_reader.hpp"

#include <dbbackup/pg/row_source.hpp>

#include <functional>
#include <string_view>

namespace dbbackup::ops {

/// A row in COPY's text format; may be empty.
using CsvRowListener = std::function<void(std::string_view row)>;

/// Reads a file of CSV as pg::RowText writes it: a line with the columns' names, then the rows.
/// Returns how many rows. Throws base::Error{damaged} if it is not such a file of `table`.
std::uint64_t read_csv(TextReader& text, const pg::SourceTable& table,
                       const CsvRowListener& listener);

} // namespace dbbackup::ops
