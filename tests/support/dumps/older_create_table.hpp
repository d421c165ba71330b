#pragma once

#include <string>

namespace dbbackup::test {

/// `sql` of pg_dump 18 as servers before 18 read it. NOT NULL of an inherited column, an item of
/// its own in CREATE TABLE, becomes an ALTER TABLE, as earlier pg_dumps write it.
[[nodiscard]] std::string without_not_null_items(const std::string& sql);

} // namespace dbbackup::test
