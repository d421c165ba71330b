#pragma once

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/stream/pump.hpp>

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// XXH3-128 (seed 0) of a text.
struct TextDigest {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    auto operator<=>(const TextDigest&) const = default;
};

/// A table with a COPY statement: `COPY schema.name (column_list) FROM stdin;`
struct CopiedTable {
    std::string schema; ///< as in ScannedTable
    std::string name;
    std::string column_list;          ///< as written, or empty
    std::vector<std::string> columns; ///< the same, unquoted

    bool operator==(const CopiedTable&) const = default;
};

/// SELECT setval('schema.name', value, is_called).
struct SequenceState {
    std::string schema;
    std::string name;
    std::string value;
    std::string is_called; ///< "true" or "false"

    bool operator==(const SequenceState&) const = default;
};

/// A statement without its text.
struct OutlinedStatement {
    TextDigest text; ///< of the statement as written
    /// Equal for two statements if PostgreSQL can turn one into the other by reading and writing
    /// it.
    TextDigest normal_form;
    /// Equal for two statements if they differ only in what the server writes from a parse tree,
    /// which another minor version may write differently.
    TextDigest skeleton;
    /// Equal for two statements if they differ only in what another major version may write
    /// differently; nothing if that can be all of it.
    std::optional<TextDigest> version_neutral;
    std::string beginning; ///< for people; safe to print, and ends before the first literal

    bool operator==(const OutlinedStatement&) const = default;
};

/// What a dump holds besides its inventory and its rows.
struct OutlineDetails {
    std::vector<CopiedTable> copied_tables; ///< by their first COPY, in the order of the dump
    std::vector<SequenceState> sequences;   ///< in the order of the dump
    std::map<std::uint32_t, TextDigest> large_objects; ///< the contents by OID
    /// SET and the like, each once: how often pg_dump repeats them depends on the order of the
    /// rest.
    std::vector<OutlinedStatement> settings;
    /// All others except COPY, INSERT, setval and those that make and fill large objects.
    std::vector<OutlinedStatement> statements;
    /// Triggers, rules and policies, without their tables' names; in the order of the dump.
    std::vector<DumpObject> attached;

    bool operator==(const OutlineDetails&) const = default;
};

/// Reads a dump as DumpInspector does, and keeps what is needed to compare it with another one.
/// Memory grows with the number of statements, and with the longest one, never with rows or the
/// size of large objects.
class DumpOutline : public stream::Observer {
public:
    DumpOutline();
    ~DumpOutline() override;
    DumpOutline(DumpOutline&&) noexcept;
    DumpOutline& operator=(DumpOutline&&) = delete;

    /// Throws base::Error{damaged} if the dump holds what no restore may run.
    void observe(base::Bytes bytes) override;

    /// The stream has ended. Throws base::Error{damaged} if the dump is not complete.
    void finish();

    [[nodiscard]] const DumpScanner& scanner() const noexcept;
    /// Both complete after finish().
    [[nodiscard]] const DumpInventory& inventory() const noexcept;
    [[nodiscard]] const OutlineDetails& details() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace dbbackup::pg
