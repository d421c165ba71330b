#include "ops/transfer/dump_source.hpp"

#include "ops/compare/compared_names.hpp"
#include "ops/compare/recorded_state.hpp"
#include "ops/read/manifest_difference.hpp"
#include "ops/read/named_dump.hpp"
#include "ops/restore/restore_plan.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/damage.hpp>
#include <dbbackup/pg/dump_rows.hpp>
#include <dbbackup/pg/dump_state.hpp>
#include <dbbackup/pg/newest_migration.hpp>
#include <dbbackup/pg/state_differences.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace dbbackup::ops {

namespace {

/// The topmost partitioned table of each partition.
std::map<pg::RelationName, pg::RelationName> find_roots(const pg::DumpInventory& inventory) {
    std::map<pg::RelationName, pg::RelationName> parents;
    for (const pg::TablePart& part : inventory.table_parts) {
        if (part.kind == "partition") {
            parents[spelled_as_recorded(pg::RelationName{part.schema, part.name})] =
                spelled_as_recorded(pg::RelationName{part.table_schema, part.table});
        }
    }
    std::map<pg::RelationName, pg::RelationName> roots;
    for (const auto& [child, parent] : parents) {
        pg::RelationName root = parent;
        // A hostile dump may have a circle of partitions.
        for (std::size_t i = 0; i < parents.size() && parents.contains(root); ++i) {
            root = parents.at(root);
        }
        roots[child] = root;
    }
    return roots;
}

pg::SourceTable describe_table(const pg::StateTable& table) {
    pg::SourceTable described;
    described.table = table.table;
    described.key = table.key;
    for (const pg::StateColumn& column : table.columns) {
        if (!column.is_generated) {
            described.columns.push_back({.name = column.name, .type = column.type});
        }
    }
    return described;
}

} // namespace

DumpSource::DumpSource(store::FoundDump found, const base::CommandLine& command_line,
                       const Context& context)
    : found_(std::move(found)), context_(context), file_(found_, context) {
    const store::DumpEntry& entry = found_.entry;
    if (entry.unread_manifest) {
        throw with_another_dump(
            {*entry.unread_manifest, entry.problem,
             fmt::format("Import from another dump, or move '{}' away to read this one without "
                         "its manifest.",
                         base::printable(store::manifest_name_of(entry.name)))},
            found_, command_line);
    }
    file_.require_known_format();
    describe(command_line);
}

ChildWatch DumpSource::watch() const {
    const auto& manifest = found_.entry.manifest;
    return {.listener = context_.listener,
            .estimated_bytes = manifest ? manifest->file.uncompressed_size : 0};
}

void DumpSource::describe(const base::CommandLine& command_line) {
    const auto& manifest = found_.entry.manifest;
    const CheckedDump checked = [&] {
        try {
            return check_dump(file_, manifest, watch());
        } catch (const base::Error& error) {
            if (error.kind() == base::ErrorKind::damaged) {
                throw with_another_dump(error, found_, command_line);
            }
            throw;
        }
    }();
    checked_ = checked.pass;
    if (!checked.inventory.inserted.empty()) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' cannot be imported: its rows are INSERT statements",
                        base::printable(file_.path())),
            "Restore it into an empty database, dump that, and import from the new dump."};
    }
    auto recorded = manifest ? find_recorded_state(manifest->contents) : std::nullopt;
    if (!recorded) {
        pg::DumpStateReader reader;
        (void)file_.read(reader, reader.scanner(), watch(), Progress::Phase::checking);
        reader.scanner().finish();
        recorded = spell_as_recorded(reader.state());
    }
    description_.name = file_.path();
    description_.encoding = recorded->encoding;
    if (description_.encoding.empty()) {
        description_.encoding = checked.inventory.encoding;
    }
    description_.taken_at = found_.entry.started_at();
    description_.database = name_dumped_database(found_.entry, file_);
    if (manifest) {
        description_.identity = {manifest->database.system_identifier, manifest->database.oid};
    }
    description_.schema_version = pg::newest_migration(recorded->migrations);
    const auto roots = find_roots(checked.inventory);
    for (const pg::ScannedTable& contents : checked.contents.tables) {
        const pg::RelationName name =
            spelled_as_recorded(pg::RelationName{contents.schema, contents.name});
        const auto known = std::ranges::find(recorded->tables, name, &pg::StateTable::table);
        if (!contents.has_data || known == recorded->tables.end()) {
            continue;
        }
        pg::SourceTable table = describe_table(*known);
        table.rows = contents.rows;
        if (const auto root = roots.find(name); root != roots.end()) {
            table.partitioned = root->second;
        }
        description_.tables.push_back(std::move(table));
    }
}

void DumpSource::read_rows(const std::vector<std::size_t>& tables, const RowListener& listener) {
    std::vector<pg::WantedRows> wanted;
    for (const std::size_t table : tables) {
        const pg::SourceTable& described = description_.tables[table];
        pg::WantedRows rows{described.table, {}};
        for (const pg::SourceColumn& column : described.columns) {
            rows.columns.push_back(column.name);
        }
        wanted.push_back(std::move(rows));
    }
    pg::DumpRows rows{std::move(wanted), [&](std::size_t index, std::string_view row) {
                          listener(tables[index], row);
                      }};
    const DumpPass pass = file_.read(rows, rows.scanner(), watch(), Progress::Phase::reading_rows);
    rows.scanner().finish();
    if (pass.sha256 != checked_.sha256 || pass.size != checked_.size ||
        !rows.scanner().incompleteness().empty()) {
        throw DamagedDump{
            fmt::format("'{}' changed while it was read", base::printable(file_.path())),
            "Nothing was changed in the database. Find out who writes to that file.",
            {}};
    }
}

} // namespace dbbackup::ops
