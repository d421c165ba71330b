#include "ops/read/dump_check.hpp"

#include "ops/read/manifest_difference.hpp"
#include "ops/read/not_a_dump.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/damage.hpp>
#include <dbbackup/pg/dump_inspector.hpp>
#include <dbbackup/stream/decoder.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <new>
#include <utility>

namespace dbbackup::ops {

namespace {

constexpr const char* k_another_dump = "Use another dump.";

[[noreturn]] void throw_damaged(const DumpFile& file, const std::string& what, DamagePlace place) {
    throw DamagedDump{fmt::format("'{}' is damaged{}", base::printable(file.path()), what),
                      k_another_dump, std::move(place)};
}

/// The next row.
std::optional<RowPlace> next_row(const pg::DumpScanner& scanner) {
    std::string table = scanner.current_table();
    return table.empty() ? std::nullopt
                         : std::optional{RowPlace{.table = std::move(table),
                                                  .row = scanner.rows_of_current_table() + 1}};
}

DamagePlace place_in(const pg::DumpScanner& scanner) {
    DamagePlace place;
    place.first_row = next_row(scanner);
    place.last_row = place.first_row;
    place.table = place.first_row ? place.first_row->table : "";
    return place;
}

/// The damage is somewhere in the member: between what was read before it and what can still be
/// read in it.
DamagePlace place_of(const stream::DamagedMember& member, pg::DumpInspector& inspector) {
    DamagePlace place = place_in(inspector.scanner());
    place.member = member.number();
    place.offset = member.offset();
    try {
        inspector.observe(member.salvaged());
    } catch (const base::Error&) {
        // This is the damage itself, which may not look like SQL.
    }
    place.last_row = next_row(inspector.scanner());
    if (member.doubtful() > 0) {
        place.first_row.reset();
    }
    if (place.table.empty() && place.last_row) {
        place.table = place.last_row->table;
    }
    return place;
}

std::string shown(const RowPlace& place) {
    return fmt::format("row {} of {}", base::with_thousands(place.row), place.table);
}

/// `message` with the place of the damage in the SQL.
std::string with_rows(const std::string& message, const DamagePlace& place) {
    if (place.first_row && place.last_row &&
        (place.first_row->table != place.last_row->table ||
         place.first_row->row != place.last_row->row)) {
        return fmt::format("{}, somewhere between {} and {}", message, shown(*place.first_row),
                           shown(*place.last_row));
    }
    if (place.first_row) {
        return fmt::format("{}, at about {}", message, shown(*place.first_row));
    }
    return place.last_row ? fmt::format("{}, at or before {}", message, shown(*place.last_row))
                          : message;
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

/// A failure to read may be the damage: a dump that differs from its manifest is damaged, whatever
/// a decoder or pg_restore reports.
void require_file_of_manifest(const DumpFile& file, const std::optional<store::Manifest>& manifest,
                              const std::string& obstacle) {
    const auto differences =
        manifest ? differences_of_file(*manifest, file.hash()) : std::vector<ManifestDifference>{};
    if (!differences.empty()) {
        throw_damaged(file, fmt::format(": it {} ({})", differences.front().text, obstacle), {});
    }
}

/// A dump that the gate rejects may be damaged, or someone else's: neither must run.
[[noreturn]] void throw_unsafe(const DumpFile& file, const std::optional<store::Manifest>& manifest,
                               const base::Error& refusal) {
    require_file_of_manifest(file, manifest, refusal.what());
    const std::string hint = hint_for_created_database(file);
    throw DamagedDump{
        fmt::format("'{}' cannot be used: {}", base::printable(file.path()), refusal.what()),
        hint.empty() ? refusal.hint() : hint,
        {}};
}

DumpPass read_all(const DumpFile& file, const std::optional<store::Manifest>& manifest,
                  const ChildWatch& watch, pg::DumpInspector& inspector) {
    try {
        const DumpPass pass =
            file.read(inspector, inspector.scanner(), watch, Progress::Phase::checking);
        inspector.finish();
        return pass;
    } catch (const stream::DamagedMember& error) {
        const DamagePlace place = place_of(error, inspector);
        throw_damaged(file, ": " + with_rows(error.what(), place), place);
    } catch (const base::Error& error) {
        if (error.kind() == base::ErrorKind::damaged) {
            require_sign_of_dump(file);
        }
        if (error.kind() == base::ErrorKind::damaged && !error.hint().empty()) {
            throw_unsafe(file, manifest, error);
        }
        if (error.kind() == base::ErrorKind::damaged) {
            const DamagePlace place = place_in(inspector.scanner());
            throw_damaged(file, ": " + with_rows(error.what(), place), place);
        }
        require_file_of_manifest(file, manifest, error.what());
        throw;
    } catch (const std::bad_alloc&) {
        require_file_of_manifest(file, manifest, "it takes too much memory to read");
        throw;
    }
}

} // namespace

CheckedDump check_dump(const DumpFile& file, const std::optional<store::Manifest>& manifest,
                       const ChildWatch& watch) {
    pg::DumpInspector inspector;
    const DumpPass pass = read_all(file, manifest, watch, inspector);
    CheckedDump dump{inspector.summary(), pass};
    if (manifest) {
        require_no_differences(file, differences_of(*manifest, pass, dump.contents));
    }
    return dump;
}

} // namespace dbbackup::ops
