#include "ops/dump_check.hpp"

#include "ops/manifest_difference.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/damage.hpp>
#include <dbbackup/pg/dump_inspector.hpp>
#include <dbbackup/stream/decoder.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

constexpr const char* k_another_dump = "Use another dump; see them with: dbbackup list";

[[noreturn]] void throw_damaged(const DumpFile& file, const std::string& what, DamagePlace place) {
    throw DamagedDump{fmt::format("'{}' is damaged{}", base::printable(file.path()), what),
                      k_another_dump, std::move(place)};
}

/// `message` with the place of the damage in the SQL.
std::string with_rows(const std::string& message, const DamagePlace& place) {
    if (!place.row) {
        return message;
    }
    const bool names_table = message.find(place.table) != std::string::npos;
    return fmt::format("{}{} from about row {} on", message,
                       names_table ? "," : ", in the rows of " + place.table,
                       base::with_thousands(*place.row));
}

/// Where in the SQL reading had come to.
DamagePlace place_in(const pg::DumpScanner& scanner) {
    DamagePlace place;
    place.table = scanner.current_table();
    if (!place.table.empty()) {
        place.row = scanner.rows_of_current_table() + 1;
    }
    return place;
}

void require_no_differences(const DumpFile& file,
                            const std::vector<ManifestDifference>& differences) {
    if (differences.empty()) {
        return;
    }
    const auto of_a_table =
        std::ranges::find_if(differences, [](const auto& one) { return !one.table.empty(); });
    DamagePlace place;
    place.table = of_a_table == differences.end() ? std::string{} : of_a_table->table;
    throw_damaged(
        file,
        fmt::format(", or not the dump of its manifest: it {}{}", differences.front().text,
                    differences.size() > 1
                        ? fmt::format(", and {} more such differences", differences.size() - 1)
                        : ""),
        std::move(place));
}

/// What was in the way of reading may be the damage: a dump that differs from its manifest is
/// damaged, whatever a decoder or pg_restore makes of it.
void require_file_of_manifest(const DumpFile& file, const std::optional<store::Manifest>& manifest,
                              const std::string& obstacle) {
    const auto differences =
        manifest ? differences_of_file(*manifest, file.hash()) : std::vector<ManifestDifference>{};
    if (!differences.empty()) {
        throw_damaged(file, fmt::format(": it {} ({})", differences.front().text, obstacle), {});
    }
}

DumpPass read_all(const DumpFile& file, const std::optional<store::Manifest>& manifest,
                  const ChildWatch& watch, pg::DumpInspector& inspector) {
    try {
        const DumpPass pass =
            file.read(inspector, inspector.scanner(), watch, Progress::Phase::checking);
        inspector.finish();
        return pass;
    } catch (const stream::DamagedMember& error) {
        DamagePlace place = place_in(inspector.scanner());
        place.member = error.number();
        place.offset = error.offset();
        throw_damaged(file, ": " + with_rows(error.what(), place), place);
    } catch (const base::Error& error) {
        if (error.kind() == base::ErrorKind::damaged && !error.hint().empty()) {
            throw; // not damaged by accident: what the gate does not let through
        }
        if (error.kind() == base::ErrorKind::damaged) {
            const DamagePlace place = place_in(inspector.scanner());
            throw_damaged(file, ": " + with_rows(error.what(), place), place);
        }
        require_file_of_manifest(file, manifest, error.what());
        throw;
    }
}

} // namespace

CheckedDump check_file(const DumpFile& file, const store::Manifest& manifest) {
    CheckedDump checked{.pass = file.hash(), .contents = {}, .inventory = {}};
    require_no_differences(file, differences_of_file(manifest, checked.pass));
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
    const DumpPass pass = read_all(file, manifest, watch, inspector);
    const pg::DumpContents& contents = inspector.scanner().contents();
    if (manifest) {
        require_no_differences(file, differences_of(*manifest, pass, contents));
    }
    return {.pass = pass, .contents = contents, .inventory = inspector.inventory()};
}

} // namespace dbbackup::ops
