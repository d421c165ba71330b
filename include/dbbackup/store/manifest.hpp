#pragma once

#include <dbbackup/base/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::store {

/// The record of what a dump holds, kept beside it as JSON. The fields are those of
/// docs/manifest.md. Holds no password and no URL.
struct Manifest {
    struct Database {
        std::string name;
        std::string host; ///< for a Unix socket, its directory
        int port = 0;
        std::string user;
        std::string server_version;
        std::uint64_t size_bytes = 0; ///< pg_database_size

        // What it takes to create a database with the same locale; each empty if unknown, or if its
        // provider has none. Since format 1.1.
        std::string encoding;
        std::string locale_provider; ///< "libc", "icu" or "builtin"
        std::string collate;
        std::string ctype;
        std::string icu_locale;
        std::string icu_rules;
        std::string builtin_locale;

        // Which database it was, whatever its name; empty or 0 if unknown. Since format 1.2.
        std::string system_identifier; ///< of the server
        std::uint32_t oid = 0;

        bool operator==(const Database&) const = default;
    };

    struct Dump {
        std::string format;      ///< "plain" or "custom"
        std::string compression; ///< "gzip:2", "zstd:3", "none", or pg_dump's own: "gzip", …
        std::string pg_dump_version;
        std::vector<std::string> options; ///< as given to pg_dump, without the connection
        /// Holds a part of its database, although the options are unknown: they are sealed.
        bool is_part = false;
        std::optional<std::string> label;
        bool safety = false; ///< taken by restore, of the state that it replaced
        base::UtcTime started_at;
        base::UtcTime finished_at;
        std::int64_t duration_ms = 0;      ///< on a clock that never jumps
        std::vector<std::string> warnings; ///< from pg_dump: what the dump may lack

        bool operator==(const Dump&) const = default;
    };

    struct File {
        std::string name;
        std::uint64_t size = 0;
        std::string sha256;
        std::uint64_t uncompressed_size = 0; ///< of the plain SQL

        bool operator==(const File&) const = default;
    };

    /// Since format 1.2.
    struct Column {
        std::string name;
        std::string type;       ///< as format_type() writes it; empty if unknown
        bool generated = false; ///< computed from others: no row has it

        bool operator==(const Column&) const = default;
    };

    struct Table {
        std::string schema;
        std::string name;
        std::uint64_t rows = 0;
        std::uint64_t bytes = 0;
        std::string fingerprint; ///< 32 hex digits
        bool has_data = true;    ///< false: the dump has the table, but no data section for it
        /// In the order of its rows' fields, then those that are generated. Empty if unknown.
        std::vector<Column> columns = {};
        /// False if only those that its rows have are named: see pg::StateTable.
        bool has_all_columns = true;

        bool operator==(const Table&) const = default;
    };

    struct Sequence {
        std::string schema;
        std::string name;
        std::string value; ///< a number
        bool is_called = false;

        bool operator==(const Sequence&) const = default;
    };

    struct Constraint {
        std::string schema;
        std::string table;
        std::string name;

        bool operator==(const Constraint&) const = default;
    };

    /// What a tool's table of migrations says.
    struct Migrations {
        std::string tool;
        std::string schema;
        std::string table;
        std::vector<std::string> applied;

        bool operator==(const Migrations&) const = default;
    };

    /// What `compare` needs besides the tables. Since format 1.2.
    struct State {
        std::string encoding; ///< of the rows, as client_encoding takes it
        std::vector<Sequence> sequences;
        std::vector<Constraint> not_validated;
        std::vector<Migrations> migrations;

        bool operator==(const State&) const = default;
    };

    struct Contents {
        std::vector<std::string> schemas;
        std::vector<Table> tables;
        std::uint64_t large_objects = 0;
        /// Then `columns` of the tables is known too, as far as the dump tells.
        std::optional<State> state = std::nullopt;

        [[nodiscard]] std::uint64_t total_rows() const noexcept;
        bool operator==(const Contents&) const = default;
    };

    struct Verification {
        std::string level; ///< "read" or "restore", which includes reading
        base::UtcTime at;
        std::string result; ///< "ok" or what was found
        /// For level "read", the time to read; for "restore", to restore only: the measured
        /// recovery time.
        double seconds = 0;

        // Since format 1.1; the last three only for level "restore".
        std::string tool_version;
        std::string server_version; ///< of the scratch server
        std::optional<double> read_seconds;
        std::optional<double> compare_seconds; ///< to dump again and compare

        /// Since format 1.2, only for level "restore": why the text of the schema does not count as
        /// proven, for people; empty if it does.
        std::string text_not_compared = {};

        [[nodiscard]] bool is_ok() const noexcept { return result == "ok"; }

        bool operator==(const Verification&) const = default;
    };

    /// A check that proves less than a verification, and never counts as one: "listed" compares
    /// what a remote says of its file, "intact" the SHA-256 of a sealed file. Since format 1.3.
    struct Check {
        std::string level; ///< "listed" or "intact"
        base::UtcTime at;
        std::string result;       ///< "ok" or what was found
        std::string remote = {};  ///< where; empty for this directory
        std::string tool_version; ///< of the dbbackup that checked

        [[nodiscard]] bool is_ok() const noexcept { return result == "ok"; }

        bool operator==(const Check&) const = default;
    };

    /// A copy that was made of this dump, and found good then. Since format 1.3.
    struct Copy {
        std::string remote;
        std::string name; ///< of the file there
        base::UtcTime at;
        std::string checked_by; ///< "read": read back; "hash": the remote computed its hash itself

        bool operator==(const Copy&) const = default;
    };

    /// What was known of the database just before this dump. It shows later whether the database is
    /// still the same one. Since format 1.4.
    struct Before {
        /// Of the whole dump whose content it should have at least roughly: the one before it, or
        /// the one that was restored since. Empty if there is none.
        std::string dump_id;
        std::string system_identifier;            ///< as last known; else empty
        std::uint32_t oid = 0;                    ///< likewise; else 0
        std::optional<base::UtcTime> restored_at; ///< set if `restore` changed it since

        bool operator==(const Before&) const = default;
    };

    /// A restore into the database of this dump, after it. Since format 1.4.
    struct Restore {
        base::UtcTime at;
        std::string dump_id; ///< of the dump that was restored; empty for a part or if unknown
        // Of the database after it; each empty or 0 if unknown.
        std::string system_identifier;
        std::uint32_t oid = 0;

        bool operator==(const Restore&) const = default;
    };

    /// Of a sealed dump: who can open it, and what of this record only they can read. Since format
    /// 2.0.
    struct Seal {
        std::vector<std::string> recipients; ///< public keys of age or OpenSSH
        /// The record in format 1, as armored text of age.
        std::string record;
        /// The record was opened: the other fields have what is in it. If not, these are empty or
        /// 0: `contents`, `file.uncompressed_size`, `dump.options`, `dump.label`, `dump.warnings`,
        /// and `database` but for its name, host, port, server version,
        /// system identifier and OID.
        bool is_open = false;

        bool operator==(const Seal&) const = default;
    };

    std::string tool_version;
    Database database;
    Dump dump;
    File file;
    Contents contents;
    std::vector<Verification> verifications;
    bool pinned = false;
    /// 32 hex digits, random: the same for all copies of a dump. Empty before format 1.3.
    std::string dump_id = {};
    std::vector<Check> checks = {};
    std::vector<Copy> copies = {};
    /// Only of whole dumps that are no safety dumps.
    std::optional<Before> before = std::nullopt;
    std::vector<Restore> restores = {};
    /// When somebody last said that the database is the right one, whatever had changed until then:
    /// `prune --accept-loss`. Since format 1.4.
    std::optional<base::UtcTime> loss_accepted_at = std::nullopt;
    std::optional<Seal> seal = std::nullopt; ///< of a sealed dump

    /// False if the record of what it holds is sealed and was not opened.
    [[nodiscard]] bool knows_contents() const noexcept { return !seal || seal->is_open; }

    /// When it was last read in full and matched this record, at any level; verifications after
    /// `until` do not count.
    [[nodiscard]] std::optional<base::UtcTime>
    last_verified(base::UtcTime until = base::UtcTime::max()) const;
    /// When it was last proven by a restore, likewise.
    [[nodiscard]] std::optional<base::UtcTime>
    last_proven(base::UtcTime until = base::UtcTime::max()) const;
    /// The latest recorded verification that was not ok and that no later one overrides. A good
    /// read does not override a failed restore; a good restore overrides both.
    [[nodiscard]] std::optional<Verification> found_damaged() const;

    bool operator==(const Manifest&) const = default;
};

/// No genuine manifest is larger: a table takes some 200 bytes, and pg_dump locks each.
inline constexpr std::size_t k_most_manifest_bytes = 32U << 20U;

/// The manifest as JSON, indented by two spaces, with a newline at the end; of a sealed dump, only
/// what may be in clear, and the sealed record.
[[nodiscard]] std::string to_json(const Manifest& manifest);

/// The same with everything that is known, in format 1: for the owner of an identity, and to be
/// sealed.
[[nodiscard]] std::string to_open_json(const Manifest& manifest);

/// One entry of `verifications`, `checks`, `copies` or `restores`, likewise, without the newline.
[[nodiscard]] std::string to_json(const Manifest::Verification& verification);
[[nodiscard]] std::string to_json(const Manifest::Check& check);
[[nodiscard]] std::string to_json(const Manifest::Copy& copy);
[[nodiscard]] std::string to_json(const Manifest::Restore& restore);

/// A new, random `dump_id`.
[[nodiscard]] std::string make_dump_id();

/// The same as to_json(), small enough to be read again: without the columns and Contents::state if
/// there is no room for them. Throws base::Error{failed} if that does not suffice.
[[nodiscard]] std::string to_readable_json(const Manifest& manifest);

/// The record to be sealed: to_open_json() of a manifest without a seal, small enough for what
/// sealing and armor add.
[[nodiscard]] std::string to_sealable_json(const Manifest& manifest);

/// `sealed` with what its opened record says, the text `json`. Throws base::Error{damaged} if that
/// is not the record of this dump.
[[nodiscard]] Manifest open_manifest(const Manifest& sealed, std::string_view json,
                                     const std::string& origin);

/// Throws base::Error{failed} if this text is too large to be read again as a manifest.
void require_readable_size(std::string_view json);

/// Reads a manifest of a known major version and ignores unknown fields. `origin` names the file in
/// errors. Throws base::Error{damaged} for text that is not a manifest, and {failed} for a
/// later major version.
[[nodiscard]] Manifest parse_manifest(std::string_view json, const std::string& origin);

} // namespace dbbackup::store
