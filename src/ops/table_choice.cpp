#include "ops/table_choice.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/select_tables.hpp>

#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

void require_tables_possible(const RestoreRequest& request) {
    if (!request.tables.empty() && request.clean == Clean::everything) {
        throw base::Error{base::ErrorKind::usage,
                          "--exact would drop all that the target holds beside the tables of "
                          "--table",
                          "Leave one of them out: --clean alone drops those tables first."};
    }
}

CheckedDump select_tables(const RestoreRequest& request, const DumpFile& file,
                          const CheckedDump& whole) {
    if (request.tables.empty()) {
        return whole;
    }
    const auto missing = pg::find_missing_tables(whole.contents, whole.inventory, request.tables);
    if (!missing.empty()) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("'{}' has no table '{}'", base::printable(file.path()),
                                      base::printable(missing.front())),
                          "See what it has with: dbbackup show. A table is called name or "
                          "schema.name, without quotes."};
    }
    const auto without_rows =
        pg::find_tables_without_rows(whole.contents, whole.inventory, request.tables);
    if (!without_rows.empty()) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("'{}' has the rows of '{}' among those of the table that it "
                                      "is a partition of",
                                      base::printable(file.path()),
                                      base::printable(without_rows.front())),
                          "Name that table instead: its partitions come with it."};
    }
    auto selected = pg::select_tables(whole.contents, whole.inventory, request.tables);
    return {.pass = whole.pass,
            .contents = std::move(selected.contents),
            .inventory = std::move(selected.inventory)};
}

} // namespace dbbackup::ops
