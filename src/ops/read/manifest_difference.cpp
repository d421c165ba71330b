#include "ops/read/manifest_difference.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <map>
#include <utility>

namespace dbbackup::ops {

namespace {

using Table = store::Manifest::Table;

std::string shown(const Table& table) {
    return base::printable(base::dotted_name(table.schema, table.name));
}

/// How one table differs, or empty.
std::string difference(const Table& recorded, const Table& found) {
    if (recorded.rows != found.rows) {
        return fmt::format("has {} rows in {}, its manifest says {}",
                           base::with_thousands(found.rows), shown(recorded),
                           base::with_thousands(recorded.rows));
    }
    if (recorded.has_data != found.has_data) {
        return fmt::format("{} rows for {}, its manifest says otherwise",
                           found.has_data ? "has" : "lacks", shown(recorded));
    }
    if (recorded.fingerprint != found.fingerprint || recorded.bytes != found.bytes) {
        return fmt::format("has other rows in {} than its manifest says", shown(recorded));
    }
    return {};
}

void compare_tables(const std::vector<Table>& recorded, const std::vector<Table>& found,
                    std::vector<ManifestDifference>& differences) {
    std::map<std::pair<std::string, std::string>, const Table*> not_seen;
    for (const Table& table : found) {
        not_seen[{table.schema, table.name}] = &table;
    }
    for (const Table& table : recorded) {
        const auto same = not_seen.find({table.schema, table.name});
        if (same == not_seen.end()) {
            differences.push_back(
                {fmt::format("lacks the table {} of its manifest", shown(table)), shown(table)});
            continue;
        }
        if (std::string text = difference(table, *same->second); !text.empty()) {
            differences.push_back({std::move(text), shown(table)});
        }
        not_seen.erase(same);
    }
    for (const auto& [name, table] : not_seen) {
        differences.push_back(
            {fmt::format("has a table {}, which is not in its manifest", shown(*table)),
             shown(*table)});
    }
}

/// Names as read from a manifest, which is always UTF-8; the database may not be.
store::Manifest::Contents spelled_as_read(store::Manifest::Contents contents) {
    for (std::string& schema : contents.schemas) {
        schema = base::to_valid_utf8(schema);
    }
    for (Table& table : contents.tables) {
        table.schema = base::to_valid_utf8(table.schema);
        table.name = base::to_valid_utf8(table.name);
    }
    return contents;
}

} // namespace

store::Manifest::Contents to_manifest(const pg::DumpContents& scanned) {
    store::Manifest::Contents contents{
        .schemas = scanned.schemas, .tables = {}, .large_objects = scanned.large_objects};
    for (const pg::ScannedTable& table : scanned.tables) {
        contents.tables.push_back({.schema = table.schema,
                                   .name = table.name,
                                   .rows = table.rows,
                                   .bytes = table.bytes,
                                   .fingerprint = table.fingerprint.hex(),
                                   .has_data = table.has_data});
    }
    return contents;
}

std::vector<ManifestDifference> differences_of_file(const store::Manifest& manifest,
                                                    const DumpPass& pass) {
    if (pass.size != manifest.file.size) {
        return {{fmt::format("has {} bytes, its manifest says {}", base::with_thousands(pass.size),
                             base::with_thousands(manifest.file.size)),
                 {}}};
    }
    if (pass.sha256 != manifest.file.sha256) {
        return {{"has another SHA-256 than its manifest says", {}}};
    }
    return {};
}

std::vector<ManifestDifference> differences_of(const store::Manifest& manifest,
                                               const DumpPass& pass,
                                               const pg::DumpContents& contents) {
    std::vector<ManifestDifference> differences;
    const store::Manifest::Contents found = spelled_as_read(to_manifest(contents));
    compare_tables(manifest.contents.tables, found.tables, differences);
    if (found.large_objects != manifest.contents.large_objects) {
        differences.push_back({fmt::format("has {} large objects, its manifest says {}",
                                           found.large_objects, manifest.contents.large_objects),
                               {}});
    }
    if (found.schemas != manifest.contents.schemas) {
        differences.push_back({"has other schemas than its manifest says", {}});
    }
    for (ManifestDifference& difference : differences_of_file(manifest, pass)) {
        differences.push_back(std::move(difference));
    }
    // For the same archive, pg_restore's output depends on its version.
    const bool same_every_time = manifest.dump.format != "custom";
    if (differences.empty() && same_every_time &&
        pass.sql_bytes != manifest.file.uncompressed_size) {
        differences.push_back({fmt::format("holds {} bytes of SQL, its manifest says {}",
                                           base::with_thousands(pass.sql_bytes),
                                           base::with_thousands(manifest.file.uncompressed_size)),
                               {}});
    }
    return differences;
}

} // namespace dbbackup::ops
