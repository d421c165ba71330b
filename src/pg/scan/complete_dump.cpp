#include "pg/scan/complete_dump.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::pg {

void require_whole(const ScriptStatement& statement) {
    if (!statement.sql_is_whole) {
        throw base::Error{base::ErrorKind::damaged,
                          fmt::format("the statement at byte {} of the dump's SQL is longer than "
                                      "any server takes",
                                      base::with_thousands(statement.offset)),
                          "Use another dump. List the dumps: dbbackup list"};
    }
}

void finish_complete(DumpScanner& scanner) {
    scanner.finish();
    if (const std::string defect = scanner.incompleteness(); !defect.empty()) {
        throw base::Error{base::ErrorKind::damaged, "the dump is incomplete: " + defect};
    }
}

} // namespace dbbackup::pg
