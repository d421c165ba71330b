#pragma once

#include "ops/client/progress_report.hpp"
#include "ops/seal/age_program.hpp"

#include <dbbackup/pg/database_state.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/stream/encoder.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/child_process.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// Verified facts about a file that was just written.
struct WrittenArchive {
    std::string sha256;
    std::uint64_t size = 0;
    std::uint64_t uncompressed_size = 0; ///< of the SQL
    pg::DumpContents contents;
    pg::DatabaseState state;
    std::vector<std::string> warnings; ///< pg_dump's own
};

/// For whom to seal a dump.
struct Sealing {
    AgeProgram age;
    std::vector<std::string> recipients;
};

/// What it takes to write one dump file.
struct ArchiveJob {
    sys::Command pg_dump;
    sys::Command pg_restore; ///< only for an archive: reads it back as SQL
    sys::AtomicFile& file;
    ChildWatch watch;
    std::optional<Sealing> seal = std::nullopt;
};

/// Runs pg_dump for plain SQL, counts and hashes it, compresses it into the file, and requires
/// proof that it is complete. Throws base::Error or base::Interrupted; then the file's content is
/// invalid.
[[nodiscard]] WrittenArchive write_plain(const ArchiveJob& job,
                                         const stream::Compression& compression);

/// Runs pg_dump for an archive straight into the file, which gives the archive its table of
/// offsets, then reads all of it back through pg_restore for the same counts and proof. Throws like
/// write_plain.
[[nodiscard]] WrittenArchive write_custom(const ArchiveJob& job);

/// The same for an archive that is sealed: pg_dump writes it to its stdout, and it goes through age
/// into the file and, side by side, through pg_restore. It never lies on the disk.
[[nodiscard]] WrittenArchive write_sealed_custom(const ArchiveJob& job);

} // namespace dbbackup::ops
