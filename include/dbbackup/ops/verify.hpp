#pragma once

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/damage.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/dump_replayer.hpp>
#include <dbbackup/store/dump_query.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// How to run a drill.
struct DrillOptions {
    /// The server for the scratch database; if not set, a throwaway server is started from the
    /// installed binaries.
    std::optional<pg::Connection> scratch_server;
    pg::Treatment owners = pg::Treatment::run;
    pg::Treatment privileges = pg::Treatment::run;
};

struct VerifyRequest {
    std::filesystem::path directory;
    /// See store::resolve_dump, or paths of exports; if empty, all dumps of the directory, lost
    /// dumps included.
    std::vector<std::string> dumps;
    store::LatestChoice latest = {};
    std::optional<DrillOptions> drill;   ///< if not set, only reading
    base::CommandLine command_line = {}; ///< for hints
};

/// From the worst to the best: the worst decides a report of several dumps.
enum class Verdict {
    damaged,    ///< something is wrong with the dump
    unverified, ///< something other than the dump failed: the dump may be good
    good,
};

/// How a restored table was compared with the dump.
enum class TableProof {
    rows_and_contents, ///< by fingerprint
    by_column,         ///< the same, but the columns were restored in another order
    by_value,          ///< by the server, from both: its text legitimately differs there
    rows_counted,      ///< INSERT statements, which have no fingerprint
    differs,
};

struct ProvenTable {
    std::string schema;
    std::string name;
    std::uint64_t rows = 0; ///< in the dump
    TableProof proof = TableProof::differs;
};

/// What a drill did.
struct DrillReport {
    std::string scratch; ///< for people: where the dump was restored
    std::string server_version;
    std::chrono::milliseconds restore_time{}; ///< the measured recovery time
    std::chrono::milliseconds compare_time{}; ///< the second dump and the comparison
    std::vector<ProvenTable> tables;
    std::uint64_t sequences = 0;
    std::uint64_t large_objects = 0;
    std::uint64_t objects = 0; ///< of other kinds
    /// Why only the objects of the schema were compared and not its text, or why differences in the
    /// text do not count; empty if the text was compared and is the same, or a difference counts.
    std::string text_not_compared;
    /// Such differences, which another minor version may only write differently; for people.
    std::vector<std::string> notes;
    std::vector<std::string> left_out;    ///< of the dump, as requested
    std::vector<std::string> differences; ///< between the dump and the restored one, for people
};

/// The result for one dump.
struct VerifiedDump {
    std::string path; ///< or what the caller named, if there is no such dump
    std::optional<std::string> database;
    bool is_export = false; ///< not a dump: nothing is recorded, and nothing can be restored
    Verdict verdict = Verdict::unverified;
    std::string message; ///< what is wrong with the dump, or what failed; empty if all is well
    std::string hint;
    DamagePlace place;
    bool has_manifest = false;
    std::string not_checked; ///< what could not be compared, and why; empty if all was
    std::uint64_t size = 0;  ///< bytes of the file
    std::uint64_t sql_size = 0;
    std::uint64_t tables = 0;
    std::uint64_t rows = 0;
    std::chrono::milliseconds read_time{};
    std::optional<DrillReport> drill; ///< as far as it got
    bool recorded = false;            ///< in the manifest
    /// Sealed, and there was no identity: only the SHA-256 of the file was compared with its
    /// manifest. `good` then says that it is the file that was written, no more.
    bool only_intact = false;
};

struct VerifyReport {
    std::vector<VerifiedDump> dumps;

    /// The worst of all dumps.
    [[nodiscard]] Verdict verdict() const noexcept;
};

/// Verifies dumps one after the other, and records the results in their manifests. Damage, and
/// failures to verify, are in the report. Throws base::Error if it is unclear which dumps are
/// meant, and base::Interrupted. However it ends, a drill leaves no server, session, database or
/// directory behind.
[[nodiscard]] VerifyReport verify(const VerifyRequest& request, const Context& context);

} // namespace dbbackup::ops
