#pragma once

#include <dbbackup/pg/session.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

[[nodiscard]] inline std::vector<std::string> first_column(const std::vector<Session::Row>& rows) {
    std::vector<std::string> values;
    values.reserve(rows.size());
    for (const Session::Row& row : rows) {
        values.push_back(row[0]);
    }
    return values;
}

} // namespace dbbackup::pg
