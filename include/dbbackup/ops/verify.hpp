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

/// How to try a dump out.
struct DrillOptions {
    /// A server to make the scratch database on; where there is none, a throwaway one is started
    /// from the installed binaries.
    std::optional<pg::Connection> scratch_server;
    pg::Treatment owners = pg::Treatment::run;
    pg::Treatment privileges = pg::Treatment::run;
};

struct VerifyRequest {
    std::filesystem::path directory;
    /// As store::resolve_dump takes them; where there are none, all of the directory, and those of
    /// which only the manifest is left there.
    std::vector<std::string> dumps;
    store::LatestChoice latest = {};
    std::optional<DrillOptions> drill;   ///< reading alone if there is none
    base::CommandLine command_line = {}; ///< for hints
};

/// From the worst to the best, as a report of several dumps is judged.
enum class Verdict {
    damaged,    ///< something is wrong with the dump
    unverified, ///< something else was in the way: the dump may be good
    good,
};

/// How a table that came back was compared with the dump.
enum class TableProof {
    rows_and_contents, ///< by fingerprint
    by_column,         ///< the same, its columns having come back in another order
    by_value, ///< read by the server from both: its text is another there, for reasons of its own
    rows_counted, ///< INSERT statements, which have no fingerprint
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
    std::string scratch; ///< for people: where the dump was restored to
    std::string server_version;
    std::chrono::milliseconds restore_time{}; ///< the measured recovery time
    std::chrono::milliseconds compare_time{}; ///< the second dump and all comparing
    std::vector<ProvenTable> tables;
    std::uint64_t sequences = 0;
    std::uint64_t large_objects = 0;
    std::uint64_t objects = 0; ///< of all other kinds
    /// Why the text of the schema was not compared, but its objects alone; empty if it was.
    std::string text_not_compared;
    std::vector<std::string> left_out;    ///< of the dump, as was asked for
    std::vector<std::string> differences; ///< between the dump and what came back, for people
};

/// What was found out about one dump.
struct VerifiedDump {
    std::string path; ///< or what the caller named, where there is no such dump
    std::optional<std::string> database;
    Verdict verdict = Verdict::unverified;
    std::string message; ///< what is wrong, or was in the way; empty if all is well
    std::string hint;
    DamagePlace place;
    bool has_manifest = false;
    std::string not_checked; ///< what could not be compared, and why; empty if all was
    std::uint64_t size = 0;  ///< bytes of the file
    std::uint64_t sql_size = 0;
    std::uint64_t tables = 0;
    std::uint64_t rows = 0;
    std::chrono::milliseconds read_time{};
    std::optional<DrillReport> drill; ///< as far as it came
    bool recorded = false;            ///< in the manifest
};

struct VerifyReport {
    std::vector<VerifiedDump> dumps;

    /// Of the worst of them.
    [[nodiscard]] Verdict verdict() const noexcept;
};

/// Verifies dumps one after the other, and records in their manifests what was found. What is wrong
/// with a dump, and what was in the way of finding out, is in the report. Throws base::Error if
/// nobody can say which dumps are meant, and base::Interrupted. No server, session, database or
/// directory that a drill made is left when it ends in whatever way.
[[nodiscard]] VerifyReport verify(const VerifyRequest& request, const Context& context);

} // namespace dbbackup::ops
