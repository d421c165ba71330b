#pragma once

#include <dbbackup/stream/pump.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace dbbackup::pg {

class ScriptListener;

/// Order-independent digest of a table's rows: the sum, modulo 2^128, of XXH3-128 (seed 0) of each
/// row in COPY's text format, without its line end.
struct Fingerprint {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    void add(const Fingerprint& row) noexcept;
    /// 32 lower-case hex digits, most significant first.
    [[nodiscard]] std::string hex() const;
    bool operator==(const Fingerprint&) const = default;
};

/// A table as it is in a dump.
struct ScannedTable {
    /// Unquoted. If the dump does not qualify the name, as before 10.3, the first schema of its
    /// search_path, or empty.
    std::string schema;
    std::string name; ///< unquoted
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0; ///< of its rows, line ends included
    Fingerprint fingerprint;
    bool has_data = false; ///< the dump has a data section for it, even an empty one

    bool operator==(const ScannedTable&) const = default;
};

/// What a dump holds.
struct DumpContents {
    /// Those that it creates, or creates or copies something in; sorted, each once, without
    /// pg_catalog.
    std::vector<std::string> schemas;
    /// From CREATE TABLE and COPY, in the order in which they first appear. Foreign and temporary
    /// tables and partitioned parents only if a COPY names them.
    std::vector<ScannedTable> tables;
    std::uint64_t large_objects = 0;
    /// INSERT statements (pg_dump --inserts): rows that are in no table's count and fingerprint.
    std::uint64_t insert_statements = 0;

    [[nodiscard]] std::uint64_t total_rows() const noexcept;
    bool operator==(const DumpContents&) const = default;
};

/// Lexes the SQL of a plain dump as psql does, as a stream of chunks of any size. Counts and hashes
/// the rows of each COPY block, and checks the dump's end. Memory is bounded by the number of
/// tables and the longest name, never by rows or statements. How the stream is cut into chunks does
/// not change what it finds.
class DumpScanner : public stream::Observer {
public:
    /// Whether everything that no restore may run throws base::Error{damaged} as soon as it is
    /// seen, or passes, because nothing of it will be run.
    enum class Gate { closed, open };

    DumpScanner();
    /// The same, and passes the statements and rows to `script`.
    explicit DumpScanner(ScriptListener& script, Gate gate = Gate::closed);
    ~DumpScanner() override;

    void observe(base::Bytes bytes) override;

    /// Tells the scanner that the stream has ended. Call once, before the questions below.
    void finish();

    /// Nothing if the dump is complete: the last thing at the top level of its SQL is pg_dump's
    /// completion line, no quote, comment, COPY block or statement is open, and `\restrict` has its
    /// matching `\unrestrict`. Otherwise the reason, safe to print: "it ends inside the rows of
    /// public.orders".
    [[nodiscard]] std::string incompleteness() const;

    [[nodiscard]] const DumpContents& contents() const noexcept;

    /// The table whose rows are being read, "schema.table", or empty. For progress; safe to print.
    [[nodiscard]] std::string current_table() const;

    /// How many of its rows have been read.
    [[nodiscard]] std::uint64_t rows_of_current_table() const noexcept;

    /// Rows so far. For progress.
    [[nodiscard]] std::uint64_t rows() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace dbbackup::pg
