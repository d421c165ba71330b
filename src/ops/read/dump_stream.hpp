#pragma once

#include "ops/client/abandonable_source.hpp"
#include "ops/client/child_source.hpp"
#include "ops/read/dump_file.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/pg/client_tools.hpp>
#include <dbbackup/stream/pump.hpp>

#include <cstdint>
#include <string>

namespace dbbackup::ops {

/// A dump of any kind that comes as a stream: nothing seeks in it, and it is read once.
struct DumpStream {
    stream::Source& bytes; ///< the file, from its start
    std::string path;      ///< names it in errors
    bool is_sealed = false;
    std::string recorded_sha256; ///< of the file, from its manifest
};

/// Passes its SQL to `observer` as DumpFile::read() does, and throws likewise. A sealed one needs
/// the identity of `context`.
[[nodiscard]] DumpPass read_dump_stream(const DumpStream& dump, stream::Observer& observer,
                                        const pg::DumpScanner& scanner, const ChildWatch& watch,
                                        Progress::Phase phase, const Context& context);

/// How a child reads an archive from its stdin.
struct ArchiveReader {
    pg::ClientTools tools;
    std::string path; ///< names the archive in errors
    /// Called regularly after the archive's end while pg_restore is silent. May throw.
    ChildSource::OnSilence on_silence_after_end = {};
};

/// Passes the SQL of an archive in pg_dump's custom format to `observer`, and returns its size in
/// bytes. Throws base::Error{damaged} if it is not sound or not complete.
[[nodiscard]] std::uint64_t read_archive_stream(AbandonableSource& archive,
                                                const ArchiveReader& reader,
                                                stream::Observer& observer,
                                                const pg::DumpScanner& scanner,
                                                const ChildWatch& watch, Progress::Phase phase);

} // namespace dbbackup::ops
