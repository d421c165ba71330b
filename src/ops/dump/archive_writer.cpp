#include "ops/dump/archive_writer.hpp"

#include "ops/client/child_outcome.hpp"
#include "ops/client/child_reader.hpp"
#include "ops/client/child_source.hpp"
#include "ops/client/feeder.hpp"
#include "ops/read/file_hash.hpp"
#include "ops/seal/seal_sink.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/archive_ending.hpp>
#include <dbbackup/pg/dump_state.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/fd_sink.hpp>
#include <dbbackup/sys/signals.hpp>

#include <fmt/format.h>
#include <sys/stat.h>
#include <utility>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

/// How often to check the size of an archive that pg_dump writes itself.
constexpr auto k_watch_interval = 20ms;

std::uint64_t file_size(int fd) {
    struct stat status {};

    return ::fstat(fd, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

[[noreturn]] void throw_incomplete(const std::string& client, const std::string& reason) {
    throw base::Error{
        base::ErrorKind::damaged,
        fmt::format("{} exited 0, but its output is not a complete dump: {}", client, reason),
        "Nothing of it was kept. Run it again. If that does not help, find out what cuts the "
        "output off: another program of that name, a limit on memory, the server's log."};
}

/// Call it at the end of a client's output, because the exit code proves nothing.
void require_complete(pg::DumpScanner& scanner, const std::string& client) {
    scanner.finish();
    if (const std::string reason = scanner.incompleteness(); !reason.empty()) {
        throw_incomplete(client, reason);
    }
}

std::vector<std::string> run_into_file(const ArchiveJob& job) {
    sys::ChildProcess pg_dump{job.pg_dump, job.file.fd()};
    const auto started = std::chrono::steady_clock::now();
    Progress progress;
    while (pg_dump.running()) {
        progress.bytes = file_size(job.file.fd());
        progress.elapsed = elapsed_since(started);
        job.watch.listener.on_progress(progress);
        sys::interruptible_sleep(k_watch_interval);
    }
    return require_success(pg_dump, job.watch);
}

/// A sink as an observer.
class ObservingSink : public stream::Observer {
public:
    explicit ObservingSink(stream::Sink& sink) : sink_(sink) {}

    void observe(base::Bytes bytes) override { sink_.write(bytes); }

private:
    stream::Sink& sink_;
};

SealSink sink_of(const ArchiveJob& job) {
    return SealSink{job.seal->age, job.seal->recipients, job.file.fd(), job.file.partial_path()};
}

/// Runs `write`. If it fails because age or the disk failed, throws that.
template <typename Write>
WrittenArchive with_cause(SealSink& seal, Write write) {
    try {
        return write();
    } catch (const base::Error&) {
        seal.throw_cause();
        throw;
    }
}

/// All but the file's size and SHA-256.
WrittenArchive write_sql(const ArchiveJob& job, const stream::Compression& compression,
                         stream::Sink& output) {
    stream::BlockPool blocks{stream::k_block_size};
    const auto encoder = stream::make_encoder(compression, output, blocks);
    pg::DumpStateReader reader;

    sys::ChildProcess pg_dump{job.pg_dump};
    ChildSource sql{pg_dump, reader.scanner(), job.watch, Progress::Phase::dumping};
    const std::uint64_t uncompressed_size = stream::pump(sql, {&reader}, *encoder, blocks);
    std::vector<std::string> warnings = require_success(pg_dump, job.watch);
    require_complete(reader.scanner(), pg_dump.name());

    return {.sha256 = {},
            .size = 0,
            .uncompressed_size = uncompressed_size,
            .contents = reader.scanner().contents(),
            .state = reader.state(),
            .warnings = std::move(warnings)};
}

} // namespace

WrittenArchive write_plain(const ArchiveJob& job, const stream::Compression& compression) {
    if (job.seal) {
        SealSink seal = sink_of(job);
        WrittenArchive written =
            with_cause(seal, [&] { return write_sql(job, compression, seal); });
        written.sha256 = seal.sum().sha256;
        written.size = seal.sum().size;
        return written;
    }
    stream::Checksum checksum;
    stream::FdSink disk{job.file.fd(), job.file.partial_path()};
    stream::ObservedSink file{disk, checksum};
    WrittenArchive written = write_sql(job, compression, file);
    written.sha256 = checksum.sha256();
    written.size = checksum.size();
    return written;
}

WrittenArchive write_custom(const ArchiveJob& job) {
    std::vector<std::string> warnings = run_into_file(job);

    pg::DumpStateReader reader;
    sys::ChildProcess pg_restore{job.pg_restore};
    const FileHash hash{job.file.fd(), job.file.partial_path()};
    ChildSource sql{pg_restore, reader.scanner(), job.watch, Progress::Phase::reading_back};
    const std::uint64_t uncompressed_size = stream::pump(sql, {&reader});
    require_success(pg_restore, job.watch);
    require_complete(reader.scanner(), pg_restore.name());
    const FileSum& sum = hash.finish();

    return {.sha256 = sum.sha256,
            .size = sum.size,
            .uncompressed_size = uncompressed_size,
            .contents = reader.scanner().contents(),
            .state = reader.state(),
            .warnings = std::move(warnings)};
}

WrittenArchive write_sealed_custom(const ArchiveJob& job) {
    SealSink seal = sink_of(job);
    return with_cause(seal, [&] {
        ChildInput archive{"pg_restore"};
        sys::Command reading = job.pg_restore;
        archive.connect(reading);
        sys::ChildProcess pg_restore{std::move(reading)};
        archive.started();
        sys::ChildProcess pg_dump{job.pg_dump};
        ChildReader from{pg_dump};
        ObservingSink sealed{seal};
        pg::DumpStateReader reader;
        pg::ArchiveEnding ending;
        Feeder feeder{from, {&sealed, &ending}, {&archive}};
        ChildSource sql{pg_restore, reader.scanner(), job.watch, Progress::Phase::dumping};
        const std::uint64_t uncompressed_size = stream::pump(sql, {&reader});
        feeder.finish();
        std::vector<std::string> warnings = require_success(pg_dump, job.watch);
        require_success(pg_restore, job.watch);
        require_complete(reader.scanner(), pg_restore.name());
        if (const std::string missing = ending.incompleteness(); !missing.empty()) {
            throw_incomplete(pg_dump.name(), missing);
        }
        seal.finish();
        return WrittenArchive{.sha256 = seal.sum().sha256,
                              .size = seal.sum().size,
                              .uncompressed_size = uncompressed_size,
                              .contents = reader.scanner().contents(),
                              .state = reader.state(),
                              .warnings = std::move(warnings)};
    });
}

} // namespace dbbackup::ops
