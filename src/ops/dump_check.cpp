#include "ops/dump_check.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/dump_inspector.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

std::string shown(const store::Manifest::Table& table) {
    return base::printable(table.schema.empty() ? table.name : table.schema + "." + table.name);
}

/// How one table differs, or nothing.
std::string difference(const store::Manifest::Table& recorded,
                       const store::Manifest::Table& found) {
    if (recorded == found) {
        return {};
    }
    if (recorded.rows != found.rows) {
        return fmt::format("has {} rows in {}, its manifest says {}",
                           base::with_thousands(found.rows), shown(recorded),
                           base::with_thousands(recorded.rows));
    }
    if (recorded.has_data != found.has_data) {
        return fmt::format("{} rows for {}, its manifest says otherwise",
                           found.has_data ? "has" : "lacks", shown(recorded));
    }
    return fmt::format("has other rows in {} than its manifest says", shown(recorded));
}

std::string difference(const store::Manifest::Contents& recorded,
                       const store::Manifest::Contents& found) {
    for (const auto& table : recorded.tables) {
        const auto same = std::ranges::find_if(found.tables, [&table](const auto& other) {
            return other.schema == table.schema && other.name == table.name;
        });
        if (same == found.tables.end()) {
            return fmt::format("lacks the table {} of its manifest", shown(table));
        }
        if (std::string text = difference(table, *same); !text.empty()) {
            return text;
        }
    }
    if (found.tables.size() != recorded.tables.size()) {
        return fmt::format("has {} tables, its manifest says {}", found.tables.size(),
                           recorded.tables.size());
    }
    if (found.large_objects != recorded.large_objects) {
        return fmt::format("has {} large objects, its manifest says {}", found.large_objects,
                           recorded.large_objects);
    }
    return found.schemas == recorded.schemas ? "" : "has other schemas than its manifest says";
}

void require_no_difference(const DumpFile& file, const std::string& difference) {
    if (!difference.empty()) {
        throw base::Error{base::ErrorKind::damaged,
                          fmt::format("'{}' is damaged, or not the dump of its manifest: it {}",
                                      base::printable(file.path()), difference),
                          "Restore another dump; see them with: dbbackup list"};
    }
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

std::string difference_of_file(const store::Manifest& manifest, const DumpPass& pass) {
    if (pass.size != manifest.file.size) {
        return fmt::format("has {} bytes, its manifest says {}", base::with_thousands(pass.size),
                           base::with_thousands(manifest.file.size));
    }
    return pass.sha256 == manifest.file.sha256 ? "" : "has another SHA-256 than its manifest says";
}

std::string difference_from(const store::Manifest& manifest, const DumpPass& pass,
                            const pg::DumpContents& contents) {
    // What differs inside says more than that the sum does.
    std::string text = difference(manifest.contents, to_manifest(contents));
    if (text.empty()) {
        text = difference_of_file(manifest, pass);
    }
    return text;
}

CheckedDump check_file(const DumpFile& file, const store::Manifest& manifest) {
    CheckedDump checked{.pass = file.hash(), .contents = {}, .inventory = {}};
    require_no_difference(file, difference_of_file(manifest, checked.pass));
    checked.pass.sql_bytes = manifest.file.uncompressed_size;
    checked.inventory.encoding = "UTF8"; // of the manifest's names
    checked.contents.schemas = manifest.contents.schemas;
    checked.contents.large_objects = manifest.contents.large_objects;
    for (const store::Manifest::Table& recorded : manifest.contents.tables) {
        pg::ScannedTable& table = checked.contents.tables.emplace_back();
        table.schema = recorded.schema;
        table.name = recorded.name;
        table.rows = recorded.rows;
        table.bytes = recorded.bytes;
        table.has_data = recorded.has_data;
    }
    return checked;
}

CheckedDump check_dump(const DumpFile& file, const std::optional<store::Manifest>& manifest,
                       const ChildWatch& watch) {
    pg::DumpInspector inspector;
    const DumpPass pass =
        file.read(inspector, inspector.scanner(), watch, Progress::Phase::checking);
    inspector.finish();
    require_no_difference(
        file, manifest ? difference_from(*manifest, pass, inspector.scanner().contents()) : "");
    return {.pass = pass,
            .contents = inspector.scanner().contents(),
            .inventory = inspector.inventory()};
}

} // namespace dbbackup::ops
