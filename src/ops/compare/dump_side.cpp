#include "ops/compare/dump_side.hpp"

#include "ops/compare/compared_names.hpp"
#include "ops/compare/recorded_state.hpp"
#include "ops/part/restored_part.hpp"
#include "ops/read/dump_check.hpp"
#include "ops/read/manifest_difference.hpp"
#include "ops/restore/restore_plan.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/damage.hpp>
#include <dbbackup/pg/dump_rows.hpp>
#include <dbbackup/pg/dump_state.hpp>
#include <dbbackup/pg/state_differences.hpp>
#include <dbbackup/store/dump_part.hpp>

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// Fingerprint::hex() read back.
pg::Fingerprint read_fingerprint(const std::string& hex) {
    constexpr std::size_t k_half = 16;
    pg::Fingerprint fingerprint;
    if (hex.size() == 2 * k_half) {
        std::from_chars(hex.data(), hex.data() + k_half, fingerprint.high, 16);
        std::from_chars(hex.data() + k_half, hex.data() + hex.size(), fingerprint.low, 16);
    }
    return fingerprint;
}

} // namespace

DumpSide::DumpSide(store::FoundDump found, Keys keys, const Context& context)
    : found_(std::move(found)), context_(context), file_(found_, context) {
    const auto& manifest = found_.entry.manifest;
    if (found_.entry.unread_manifest) {
        throw base::Error{*found_.entry.unread_manifest,
                          fmt::format("'{}' cannot be compared: {}", base::printable(file_.path()),
                                      found_.entry.problem),
                          "Compare with another dump, or move its manifest (the same name and "
                          ".json) away to compare what the dump says of itself."};
    }
    description_.name = found_.entry.name;
    description_.at = found_.entry.started_at().value_or(base::UtcTime{});
    description_.database = found_.entry.database().value_or("");
    if (manifest) {
        description_.server_version = manifest->database.server_version;
        description_.part = store::describe_part(manifest->dump);
        loads_via_root_ =
            std::ranges::count(manifest->dump.options, "--load-via-partition-root") > 0;
    }
    auto recorded = manifest ? find_recorded_state(manifest->contents) : std::nullopt;
    if (!recorded || keys == Keys::needed) {
        read_all();
        return;
    }
    state_ = std::move(*recorded);
    for (const store::Manifest::Table& table : manifest->contents.tables) {
        tables_[{table.schema, table.name}] = table;
    }
}

ChildWatch DumpSide::watch() const {
    const auto& manifest = found_.entry.manifest;
    return {.listener = context_.listener,
            .estimated_bytes = manifest ? manifest->file.uncompressed_size : 0};
}

void DumpSide::read_all() {
    const CheckedDump checked = check_dump(file_, found_.entry.manifest, watch());
    pg::DumpStateReader reader;
    read(reader, reader.scanner());
    state_ = spell_as_recorded(reader.state());
    for (store::Manifest::Table& table : to_manifest(checked.contents).tables) {
        const pg::RelationName name =
            spelled_as_recorded(pg::RelationName{table.schema, table.name});
        tables_[name] = std::move(table);
    }
    has_inserts_ = !checked.inventory.inserted.empty();
    if (!found_.entry.manifest) {
        description_.database = name_dumped_database(found_.entry, file_);
        description_.part = part_of_database(std::nullopt, checked);
        description_.server_version = checked.inventory.server_version;
    }
}

/// Reads the dump once more, and makes sure that it is still the same.
void DumpSide::read(stream::Observer& observer, pg::DumpScanner& scanner) {
    const DumpPass pass = file_.read(observer, scanner, watch(), Progress::Phase::reading_rows);
    scanner.finish();
    const auto& manifest = found_.entry.manifest;
    const bool is_other = manifest && !differences_of_file(*manifest, pass).empty();
    if (const std::string reason = scanner.incompleteness(); is_other || !reason.empty()) {
        throw DamagedDump{
            fmt::format("'{}' is damaged: it {}", base::printable(file_.path()),
                        is_other ? "differs from its manifest" : "is incomplete: " + reason),
            "Compare with another dump.",
            {}};
    }
}

std::uint64_t DumpSide::row_bytes() const noexcept {
    std::uint64_t bytes = 0;
    for (const auto& [name, table] : tables_) {
        bytes += table.bytes;
    }
    return bytes;
}

std::string DumpSide::rows_unknown(const pg::RelationName& table) const {
    const auto found = tables_.find(table);
    if (found != tables_.end() && found->second.has_data) {
        return {};
    }
    if (loads_via_root_) {
        return "the dump has its rows in its partitioned table, or lacks them";
    }
    return has_inserts_ ? "the dump has its rows as INSERT statements" : "the dump lacks its rows";
}

std::vector<pg::RowDigest> DumpSide::digests(const std::vector<TableColumns>& tables) {
    std::vector<pg::RowDigest> digests(tables.size());
    std::vector<pg::WantedRows> wanted;
    std::vector<std::size_t> places; ///< of `wanted` in `tables`
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const auto state =
            std::ranges::find(state_.tables, tables[i].table, &pg::StateTable::table);
        const store::Manifest::Table& recorded = tables_.at(tables[i].table);
        if (state != state_.tables.end() && copied_columns(*state) == tables[i].columns) {
            digests[i] = {recorded.rows, read_fingerprint(recorded.fingerprint)};
        } else {
            wanted.push_back({tables[i].table, tables[i].columns});
            places.push_back(i);
        }
    }
    if (!wanted.empty()) {
        pg::DumpRows rows{std::move(wanted), [&](std::size_t index, std::string_view row) {
                              pg::add_row(digests[places[index]], row);
                          }};
        read(rows, rows.scanner());
    }
    return digests;
}

std::vector<std::uint64_t> DumpSide::count_rows(const std::vector<pg::RelationName>& tables) {
    std::vector<std::uint64_t> counts;
    for (const pg::RelationName& table : tables) {
        counts.push_back(tables_.at(table).rows);
    }
    return counts;
}

void DumpSide::read_rows(const TableColumns& table, const RowReader& take) {
    pg::DumpRows rows{{{table.table, table.columns}},
                      [&take](std::size_t, std::string_view row) { take(row); }};
    read(rows, rows.scanner());
}

} // namespace dbbackup::ops
