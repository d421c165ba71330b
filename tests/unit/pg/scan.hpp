#pragma once

#include <dbbackup/pg/dump_scanner.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

/// Scans texts for the tests, in pieces of any size.
namespace dbbackup::pg {

struct Scan {
    DumpContents contents;
    std::string incompleteness;
    std::uint64_t rows = 0;

    bool operator==(const Scan&) const = default;
};

/// Scans `text` as a first piece of `head` bytes and others of `chunk`.
inline Scan scan(std::string_view text, std::size_t head, std::size_t chunk) {
    DumpScanner scanner;
    for (std::size_t size = head; !text.empty(); size = chunk) {
        size = std::min(size, text.size());
        scanner.observe(base::as_bytes(text.substr(0, size)));
        text.remove_prefix(size);
    }
    scanner.finish();
    return {scanner.contents(), scanner.incompleteness(), scanner.rows()};
}

inline Scan scan(std::string_view text) {
    return scan(text, text.size(), text.size());
}

/// By "schema.name".
inline std::map<std::string, std::uint64_t> rows_by_table(const Scan& scan) {
    std::map<std::string, std::uint64_t> rows;
    for (const ScannedTable& table : scan.contents.tables) {
        rows[table.schema + "." + table.name] = table.rows;
    }
    return rows;
}

} // namespace dbbackup::pg
