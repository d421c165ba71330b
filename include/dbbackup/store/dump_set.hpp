#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::store {

/// The dumps of all databases of a server, and what their own dumps do not hold. The fields are
/// those of docs/set.md.
struct DumpSet {
    struct Member {
        std::string file; ///< a name in the same directory
        std::string dump_id;
        std::string sha256;

        bool operator==(const Member&) const = default;
    };

    /// ALTER DATABASE … SET, or with a role, ALTER ROLE … IN DATABASE … SET.
    struct Setting {
        std::optional<std::string> role;
        std::string name;
        std::vector<std::string> values; ///< of a list of names, each

        bool operator==(const Setting&) const = default;
    };

    struct Grant {
        std::optional<std::string> role; ///< nothing for PUBLIC
        std::string privilege;           ///< "CONNECT", "CREATE" or "TEMPORARY"
        bool grantable = false;

        bool operator==(const Grant&) const = default;
    };

    struct Database {
        std::string name;
        Member dump;
        // As in a manifest.
        std::string encoding;
        std::string locale_provider;
        std::string collate;
        std::string ctype;
        std::string icu_locale;
        std::string icu_rules;
        std::string builtin_locale;
        std::string owner;
        std::string tablespace; ///< "pg_default"
        std::int64_t connection_limit = -1;
        std::optional<std::string> comment = std::nullopt;
        std::vector<Setting> settings = {};
        /// Nothing if they are PostgreSQL's defaults.
        std::optional<std::vector<Grant>> grants = std::nullopt;

        bool operator==(const Database&) const = default;
    };

    std::string tool_version;
    base::UtcTime created_at;
    std::string host;
    int port = 0;
    std::string server_version;
    std::string system_identifier; ///< empty if unknown
    Member globals;
    std::vector<Database> databases;

    bool operator==(const DumpSet&) const = default;
};

/// The set as JSON, indented by two spaces, with a newline at the end.
[[nodiscard]] std::string to_json(const DumpSet& set);

/// Reads a set of a known major version and ignores unknown fields. A member's file must be a plain
/// name, of a dump of the kind that it is listed as. Throws as parse_manifest() does.
[[nodiscard]] DumpSet parse_set(std::string_view json, const std::string& origin);

/// A set in the directory.
struct SetEntry {
    std::string name;
    base::UtcTime time; ///< of its name
    std::uint64_t size = 0;
    std::optional<DumpSet> set;
    /// Why it does not count, safe to print: it cannot be read, or belongs to an untrusted user.
    std::string problem;
    bool is_foreign = false; ///< an untrusted user's
};

/// All sets, newest first.
[[nodiscard]] std::vector<SetEntry> list_sets(const DumpDirectory& directory);

/// Names of members that are missing, or are another dump than the set's; empty if it is whole.
[[nodiscard]] std::vector<std::string> find_missing(const DumpSet& set,
                                                    const DumpDirectory& directory);

} // namespace dbbackup::store
