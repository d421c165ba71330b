#include "ops/read/dump_stream.hpp"

#include "ops/client/child_outcome.hpp"
#include "ops/client/feeder.hpp"
#include "ops/read/archive_failure.hpp"
#include "ops/read/first_bytes.hpp"
#include "ops/seal/sealed_source.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/identity.hpp>
#include <dbbackup/pg/archive_ending.hpp>
#include <dbbackup/pg/archive_header.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/decoder.hpp>
#include <dbbackup/sys/signals.hpp>

#include <fmt/format.h>
#include <memory>
#include <utility>

namespace dbbackup::ops {

namespace {

std::uint64_t read_plain_stream(stream::Source& bytes, const std::string& beginning,
                                stream::Observer& observer, const pg::DumpScanner& scanner,
                                const ChildWatch& watch, Progress::Phase phase) {
    std::uint64_t sql_bytes = 0;
    const auto decoder =
        stream::make_decoder(stream::detect_compression(base::as_bytes(beginning)), bytes);
    ProgressReport progress{scanner, watch, phase};
    while (auto block = decoder->pull()) {
        sys::throw_if_interrupted();
        observer.observe(block->bytes());
        sql_bytes += block->size();
        progress.add(block->size());
        decoder->give_back(std::move(*block));
    }
    return sql_bytes;
}

/// Reads the one kind or the other.
class StreamReading {
public:
    StreamReading(const DumpStream& dump, stream::Observer& observer,
                  const pg::DumpScanner& scanner, const ChildWatch& watch, Progress::Phase phase,
                  const Context& context)
        : dump_(dump), observer_(observer), scanner_(scanner), watch_(watch), phase_(phase),
          context_(context), file_(dump.bytes, checksum_) {}

    DumpPass run() {
        const std::uint64_t sql_bytes = dump_.is_sealed ? read_sealed() : read_clear(file_);
        return {.sha256 = sha256(), .size = checksum_.size(), .sql_bytes = sql_bytes};
    }

private:
    /// age gets the file on a thread of its own.
    std::uint64_t read_sealed() {
        ChildInput input{"age"};
        SealedSource clear{AgeProgram{context_}, input.read_end(), context_.identity->fd()};
        input.started();
        RejoinedSource sealed{"", file_};
        Feeder feeder{sealed, {}, {&input}};
        const std::uint64_t sql_bytes = read_clear(clear);
        feeder.finish();
        return sql_bytes;
    }

    std::uint64_t read_clear(stream::Source& source) {
        const std::string beginning = first_bytes(source);
        RejoinedSource rejoined{beginning, source};
        if (!pg::begins_like_archive(beginning)) {
            return read_plain_stream(rejoined, beginning, observer_, scanner_, watch_, phase_);
        }
        ArchiveReader reader{
            .tools = pg::choose_pg_restore(
                pg::find_client_tools(context_.bin_dir, path_variable(context_.environment)),
                pg::lowest_reader_of_archive(beginning)),
            .path = dump_.path};
        if (!dump_.is_sealed) { // age has vouched for what was sealed
            reader.on_silence_after_end = [this](std::chrono::milliseconds silence) {
                require_hope(silence);
            };
        }
        return read_archive_stream(rejoined, reader, observer_, scanner_, watch_, phase_);
    }

    void require_hope(std::chrono::milliseconds silence) {
        if (silence >= k_patience_with_damage && sha256() != dump_.recorded_sha256) {
            throw base::Error{base::ErrorKind::damaged, "pg_restore does not finish reading it"};
        }
    }

    /// After the end of the file.
    const std::string& sha256() {
        if (sha256_.empty()) {
            sha256_ = checksum_.sha256();
        }
        return sha256_;
    }

    const DumpStream& dump_;
    stream::Observer& observer_;
    const pg::DumpScanner& scanner_;
    const ChildWatch& watch_;
    Progress::Phase phase_;
    const Context& context_;
    stream::Checksum checksum_;
    std::string sha256_; ///< of the whole file, once it is known
    stream::ObservedSource file_;
};

} // namespace

std::uint64_t read_archive_stream(AbandonableSource& archive, const ArchiveReader& reader,
                                  stream::Observer& observer, const pg::DumpScanner& scanner,
                                  const ChildWatch& watch, Progress::Phase phase) {
    pg::ArchiveEnding ending;
    ChildInput input{"pg_restore"};
    sys::Command command{.program = reader.tools.program("pg_restore"),
                         .arguments = {"--file=-"},
                         .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"}};
    input.connect(command);
    sys::ChildProcess pg_restore{std::move(command)};
    input.started();
    Feeder feeder{archive, {&ending}, {&input}};
    ChildSource sql{pg_restore, scanner, watch, phase,
                    [&feeder, &reader](std::chrono::milliseconds silence) {
                        if (reader.on_silence_after_end && feeder.finished()) {
                            reader.on_silence_after_end(silence);
                        }
                    }};
    const std::uint64_t sql_bytes = stream::pump(sql, {&observer});
    feeder.finish(); // first: what its source did not vouch for is no archive
    try {
        require_success(pg_restore, watch);
    } catch (const base::Error& error) {
        throw_archive_failure(error, reader.path);
    }
    if (const std::string missing = ending.incompleteness(); !missing.empty()) {
        throw base::Error{base::ErrorKind::damaged, "it is incomplete: " + missing};
    }
    return sql_bytes;
}

DumpPass read_dump_stream(const DumpStream& dump, stream::Observer& observer,
                          const pg::DumpScanner& scanner, const ChildWatch& watch,
                          Progress::Phase phase, const Context& context) {
    return StreamReading{dump, observer, scanner, watch, phase, context}.run();
}

} // namespace dbbackup::ops
