#include "ops/read/dump_file.hpp"

#include "ops/client/child_outcome.hpp"
#include "ops/client/child_source.hpp"
#include "ops/read/archive_failure.hpp"
#include "ops/read/file_hash.hpp"
#include "ops/read/first_bytes.hpp"
#include "ops/seal/sealed_manifest.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/archive_ending.hpp>
#include <dbbackup/pg/archive_header.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/decoder.hpp>
#include <dbbackup/stream/fd_source.hpp>
#include <dbbackup/sys/file_use.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace dbbackup::ops {

namespace {

/// After three bytes for the version and two for sizes (PostgreSQL's pg_backup_archiver.c).
constexpr std::size_t k_archive_format_at = 10;
/// In the toc.dat of a directory, and of a tar file too (pg_backup_directory.c).
constexpr char k_directory_format = 3;

struct ForeignFormat {
    std::size_t offset;
    std::string_view magic;
    std::string_view advice; ///< follows "it is "
};

constexpr auto k_foreign_formats = std::to_array<ForeignFormat>({
    {257, "ustar", "a tar file: if pg_dump -F tar made it, restore it with pg_restore"},
    {0,
     "\xFD"
     "7zXZ",
     "compressed by xz: decompress it first, with xz -dk"},
    {0, "BZh", "compressed by bzip2: decompress it first, with bzip2 -dk"},
    {0, "\x04\x22\x4D\x18", "compressed by lz4: decompress it first, with lz4 -dk"},
    {0, "PK\x03\x04", "a zip file: unpack it first"},
});

/// pg_restore needs the archive as pg_dump wrote it, and seeks in it.
void require_no_archive(base::Bytes beginning_of_sql, const std::string& path) {
    if (pg::begins_like_archive(base::as_text(beginning_of_sql))) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' is in a format that dbbackup cannot read", base::printable(path)),
            "It is an archive that was compressed again: decompress it first."};
    }
}

std::string first_bytes(int fd, const std::string& name) {
    stream::FdSource source{fd, name};
    return ops::first_bytes(source);
}

} // namespace

DumpFile::DumpFile(const store::FoundDump& dump, const Context& context)
    : path_(dump.directory.files().path_of(dump.entry.name)),
      fd_(dump.directory.files().open_file(dump.entry.name)), bin_dir_(context.bin_dir),
      path_variable_(path_variable(context.environment)),
      beginning_(first_bytes(fd_.get(), base::printable(path_))),
      is_known_as_dump_(dump.entry.manifest || dump.entry.unread_manifest ||
                        dump.entry.database()) {
    // So that prune does not delete it while it is in use.
    sys::announce_use(fd_.get());
    if (dump.entry.manifest) {
        recorded_sha256_ = dump.entry.manifest->file.sha256;
    }
    if (ops::is_sealed(dump.entry, beginning_)) {
        open_seal(context);
    }
}

DumpFile::DumpFile(int fd, std::string path, const Context& context)
    : path_(std::move(path)), fd_(::fcntl(fd, F_DUPFD_CLOEXEC, 0)), bin_dir_(context.bin_dir),
      path_variable_(path_variable(context.environment)), is_known_as_dump_(true) {
    if (!fd_) {
        throw base::system_error("open " + path_, errno);
    }
    open_seal(context);
}

bool DumpFile::is_archive() const noexcept {
    return pg::begins_like_archive(beginning_);
}

std::optional<std::string> DumpFile::archived_database() const {
    return pg::find_archived_database(beginning_);
}

stream::CompressionMethod DumpFile::compression() const noexcept {
    return stream::detect_compression(base::as_bytes(beginning_));
}

void DumpFile::require_known_format() const {
    if (is_archive() && beginning_.size() > k_archive_format_at &&
        beginning_[k_archive_format_at] == k_directory_format) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' is in a format that dbbackup cannot read", base::printable(path_)),
            "It is the table of contents of a directory that pg_dump -F directory made. Restore "
            "that directory with pg_restore."};
    }
    for (const ForeignFormat& format : k_foreign_formats) {
        if (beginning_.size() > format.offset &&
            std::string_view{beginning_}.substr(format.offset).starts_with(format.magic)) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("'{}' is in a format that dbbackup cannot read",
                                          base::printable(path_)),
                              fmt::format("It is {}.", format.advice)};
        }
    }
}

pg::ClientTools DumpFile::choose_reader() const {
    return pg::choose_pg_restore(pg::find_client_tools(bin_dir_, path_variable_),
                                 pg::lowest_reader_of_archive(beginning_));
}

std::string DumpFile::path_for_children() const {
    return sys::path_for_children(fd_.get());
}

DumpPass DumpFile::read(stream::Observer& observer, const pg::DumpScanner& scanner,
                        const ChildWatch& watch, Progress::Phase phase) const {
    require_known_format();
    if (!is_archive()) {
        return read_plain(observer, scanner, watch, phase);
    }
    return opening_ ? read_sealed_archive(observer, scanner, watch, phase)
                    : read_archive(observer, scanner, watch, phase);
}

DumpPass DumpFile::read_plain(stream::Observer& observer, const pg::DumpScanner& scanner,
                              const ChildWatch& watch, Progress::Phase phase) const {
    const auto bytes = open_bytes();
    // Of a sealed file what is sealed is hashed.
    std::optional<FileHash> sealed;
    if (opening_) {
        sealed.emplace(fd_.get(), base::printable(path_));
    }
    stream::Checksum checksum;
    stream::ObservedSource observed{*bytes, checksum};
    std::uint64_t sql_bytes = 0;
    {
        const auto decoder = stream::make_decoder(compression(), sealed ? *bytes : observed);
        ProgressReport progress{scanner, watch, phase};
        while (auto block = decoder->pull()) {
            sys::throw_if_interrupted();
            if (sql_bytes == 0) {
                require_no_archive(block->bytes(), path_);
            }
            observer.observe(block->bytes());
            sql_bytes += block->size();
            progress.add(block->size());
            decoder->give_back(std::move(*block));
        }
    }
    if (sealed) {
        const FileSum& sum = sealed->finish();
        return {.sha256 = sum.sha256, .size = sum.size, .sql_bytes = sql_bytes};
    }
    return {.sha256 = checksum.sha256(), .size = checksum.size(), .sql_bytes = sql_bytes};
}

DumpPass DumpFile::read_archive(stream::Observer& observer, const pg::DumpScanner& scanner,
                                const ChildWatch& watch, Progress::Phase phase) const {
    sys::ChildProcess pg_restore{{.program = choose_reader().program("pg_restore"),
                                  .arguments = {"--file=-", "--", path_for_children()},
                                  .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"},
                                  .inherited_fds = {fd_.get()}}};
    pg::ArchiveEnding ending;
    const FileHash hash{fd_.get(), base::printable(path_), &ending};
    const auto require_hope = [this, &hash](std::chrono::milliseconds silence) {
        if (silence >= k_patience_with_damage && recorded_sha256_ && hash.finished() &&
            hash.finish().sha256 != *recorded_sha256_) {
            throw base::Error{base::ErrorKind::failed, "pg_restore does not finish reading it"};
        }
    };
    ChildSource sql{pg_restore, scanner, watch, phase, require_hope};
    const std::uint64_t sql_bytes = stream::pump(sql, {&observer});
    try {
        require_success(pg_restore, watch);
    } catch (const base::Error& error) {
        throw_archive_failure(error, path_);
    }
    const FileSum& sum = hash.finish();
    if (const std::string missing = ending.incompleteness(); !missing.empty()) {
        throw base::Error{base::ErrorKind::damaged, "it is incomplete: " + missing};
    }
    return {.sha256 = sum.sha256, .size = sum.size, .sql_bytes = sql_bytes};
}

void DumpFile::skim(const std::function<bool(base::Bytes)>& look) const {
    const auto file = open_bytes();
    const auto decoder = stream::make_decoder(compression(), *file);
    while (auto block = decoder->pull()) {
        sys::throw_if_interrupted();
        if (!look(block->bytes())) {
            return;
        }
        decoder->give_back(std::move(*block));
    }
}

DumpPass DumpFile::hash() const {
    stream::FdSource file{fd_.get(), base::printable(path_)};
    stream::Checksum checksum;
    stream::pump(file, {&checksum});
    return {.sha256 = checksum.sha256(), .size = checksum.size(), .sql_bytes = 0};
}

} // namespace dbbackup::ops
