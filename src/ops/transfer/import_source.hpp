#pragma once

#include <dbbackup/pg/row_source.hpp>

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace dbbackup::ops {

/// A file that rows are imported from. It was checked when it was opened: what read_rows() gives is
/// what was checked.
class ImportSource {
public:
    virtual ~ImportSource() = default;

    [[nodiscard]] virtual const pg::RowSource& description() const = 0;

    /// `row` is in COPY's text format, without its line end, with all fields of
    /// description().tables[table]. It may throw to end the reading.
    using RowListener = std::function<void(std::size_t table, std::string_view row)>;

    /// Reads the rows of these tables (indexes into description().tables) once, each table's rows
    /// together or in several runs. Throws base::Error.
    virtual void read_rows(const std::vector<std::size_t>& tables, const RowListener& listener) = 0;
};

} // namespace dbbackup::ops
