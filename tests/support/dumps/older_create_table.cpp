#include "support/dumps/older_create_table.hpp"

#include <sstream>
#include <string_view>

namespace dbbackup::test {

namespace {

constexpr std::string_view k_create = "CREATE TABLE ";
constexpr std::string_view k_open = " (";
constexpr std::string_view k_item = "    NOT NULL ";

/// Without the comma at its end, or after the item before it.
std::string name_in(const std::string& line) {
    std::string name = line.substr(k_item.size());
    if (name.ends_with(',')) {
        name.pop_back();
    }
    return name;
}

} // namespace

std::string without_not_null_items(const std::string& sql) {
    std::istringstream lines{sql};
    std::string rewritten;
    std::string table; // whose CREATE TABLE this is
    std::string then;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(k_create) && line.ends_with(k_open)) {
            table = line.substr(k_create.size(), line.size() - k_create.size() - k_open.size());
        }
        if (!table.empty() && line.starts_with(k_item)) {
            then +=
                "ALTER TABLE ONLY " + table + " ALTER COLUMN " + name_in(line) + " SET NOT NULL;\n";
            if (!line.ends_with(',') && rewritten.ends_with(",\n")) {
                rewritten.erase(rewritten.size() - 2, 1);
            }
            continue;
        }
        rewritten += line + "\n";
        if (!table.empty() && line.ends_with(';')) {
            rewritten += then;
            table.clear();
            then.clear();
        }
    }
    return rewritten;
}

} // namespace dbbackup::test
