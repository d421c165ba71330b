#pragma once

#include <dbbackup/stream/pump.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace dbbackup::pg {

class ScriptListener;

/// Order-independent digest of a table's rows: the sum, modulo 2^128, of XXH3-128 (seed 0) of each
/// row as COPY's text format writes it, without its line end.
struct Fingerprint {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    void add(const Fingerprint& row) noexcept;
    /// 32 lower-case hex digits, most significant first.
    [[nodiscard]] std::string hex() const;
    bool operator==(const Fingerprint&) const = default;
};

/// A table as it stands in a dump.
struct ScannedTable {
    /// Unquoted. Where the dump does not qualify the name, as before 10.3, the first schema of its
    /// search_path, or empty.
    std::string schema;
    std::string name; ///< unquoted
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0; ///< of its rows, line ends included
    Fingerprint fingerprint;
    bool has_data = false; ///< the dump has a data section for it, be it empty

    bool operator==(const ScannedTable&) const = default;
};

/// What a dump holds.
struct DumpContents {
    /// Those it creates, or creates or copies something in; sorted, each once, pg_catalog left out.
    std::vector<std::string> schemas;
    /// Of CREATE TABLE and COPY, in the order in which they first came up. Foreign and temporary
    /// tables and partitioned parents only if a COPY names them.
    std::vector<ScannedTable> tables;
    std::uint64_t large_objects = 0;
    /// INSERT statements (pg_dump --inserts): rows that are in no table's count and fingerprint.
    std::uint64_t insert_statements = 0;

    [[nodiscard]] std::uint64_t total_rows() const noexcept;
    bool operator==(const DumpContents&) const = default;
};

/// Lexes the SQL of a plain dump as psql does while it passes, in chunks of any size, counts and
/// hashes the rows of each COPY block, and proves the dump's end. Memory is bounded by the number
/// of tables and the longest name, never by rows or statements. What it finds is the same however
/// the stream is cut into chunks.
class DumpScanner : public stream::Observer {
public:
    DumpScanner();
    /// The same as the gate of a restore, which shows the statements and rows to `script`: a dump
    /// that holds anything but SQL and rows ends in base::Error{damaged} as soon as it is seen.
    explicit DumpScanner(ScriptListener& script);
    ~DumpScanner() override;

    void observe(base::Bytes bytes) override;

    /// Tells the scanner that the stream has ended. Call once, before the questions below.
    void finish();

    /// Nothing if the dump is complete: the last thing at the top level of its SQL is pg_dump's
    /// completion line, no quote, comment, COPY block or statement is open, and `\restrict` has its
    /// matching `\unrestrict`. Otherwise says why not, in words that are safe to print: "it ends
    /// inside the rows of public.orders".
    [[nodiscard]] std::string incompleteness() const;

    [[nodiscard]] const DumpContents& contents() const noexcept;

    /// The table whose rows are passing now, "schema.table", or empty. For progress; safe to print.
    [[nodiscard]] std::string current_table() const;

    /// How many of the rows that are passing now have passed.
    [[nodiscard]] std::uint64_t rows_of_current_table() const noexcept;

    /// Rows so far. For progress.
    [[nodiscard]] std::uint64_t rows() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace dbbackup::pg
