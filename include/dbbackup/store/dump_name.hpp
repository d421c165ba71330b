#pragma once

#include <dbbackup/base/clock.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::store {

/// The parts of a dump's file name, `DATABASE_TIME.SUFFIX`, documented in docs/files.md. The name
/// is for people and for sorting; the manifest says which database a dump is of.
struct DumpName {
    std::string database; ///< decoded
    base::UtcTime time;
    std::string suffix; ///< one of k_dump_suffixes

    bool operator==(const DumpName&) const = default;
};

/// The endings of a dump's file name.
inline constexpr std::string_view k_dump_suffixes[] = {
    ".sql.gz", ".sql.zst", ".sql", ".dump", ".sql.gz.age", ".sql.zst.age", ".sql.age", ".dump.age"};
/// The last part of the ending of a sealed dump's name.
inline constexpr std::string_view k_sealed_suffix = ".age";
inline constexpr std::string_view k_manifest_suffix = ".json";

/// `database` as in file names: bytes outside [A-Za-z0-9._-], and a leading dot or dash, as %XX.
[[nodiscard]] std::string encode_database_name(std::string_view database);

/// "shop_2026-11-20T03-15-00-123Z.sql.gz".
[[nodiscard]] std::string format_dump_name(const DumpName& name);

/// The reverse; nothing for a name that is not in dbbackup's format.
[[nodiscard]] std::optional<DumpName> parse_dump_name(std::string_view file_name);

/// The name of the manifest of the dump `dump_name`.
[[nodiscard]] std::string manifest_name_of(std::string_view dump_name);

/// True for every visible file name that ends like a dump's, whoever chose it.
[[nodiscard]] bool has_dump_suffix(std::string_view file_name);

} // namespace dbbackup::store
