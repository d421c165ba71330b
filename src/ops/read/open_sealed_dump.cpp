#include "ops/read/dump_stream.hpp"
#include "ops/read/file_hash.hpp"
#include "ops/read/first_bytes.hpp"
#include "ops/seal/sealed_source.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/damage.hpp>
#include <dbbackup/stream/fd_source.hpp>

#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

void DumpFile::open_seal(const Context& context) {
    if (!context.identity) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' is sealed: only an identity opens it", base::printable(path_)),
            "Name the file with the secret key of one of its recipients with "
            "--identity or in DBBACKUP_IDENTITY_FILE."};
    }
    opening_.emplace(AgeProgram{context}, context.identity);
    beginning_ = open_beginning();
}

std::string DumpFile::open_beginning() const {
    try {
        return first_bytes(*open_bytes());
    } catch (const base::Error& error) {
        if (error.kind() == base::ErrorKind::usage) {
            throw;
        }
        const std::string file = fmt::format("'{}'", base::printable(path_));
        // A change of the header can look like another identity.
        if (recorded_sha256_ && hash().sha256 != *recorded_sha256_) {
            throw DamagedDump{fmt::format("{} is damaged: it has another SHA-256 than in its "
                                          "manifest ({})",
                                          file, error.what()),
                              "Use another dump.",
                              {}};
        }
        if (error.kind() == base::ErrorKind::damaged) {
            throw DamagedDump{
                fmt::format("{} is damaged: {}", file, error.what()), "Use another dump.", {}};
        }
        throw base::Error{error.kind(), fmt::format("{} cannot be opened: {}", file, error.what()),
                          error.hint()};
    }
}

std::unique_ptr<stream::Source> DumpFile::open_bytes() const {
    if (opening_) {
        return std::make_unique<SealedSource>(opening_->age, fd_.get(), opening_->identity->fd());
    }
    return std::make_unique<stream::FdSource>(fd_.get(), base::printable(path_));
}

DumpPass DumpFile::read_sealed_archive(stream::Observer& observer, const pg::DumpScanner& scanner,
                                       const ChildWatch& watch, Progress::Phase phase) const {
    const FileHash hash{fd_.get(), base::printable(path_)};
    SealedSource archive{opening_->age, fd_.get(), opening_->identity->fd()};
    const std::uint64_t sql_bytes = read_archive_stream(
        archive, {.tools = choose_reader(), .path = path_}, observer, scanner, watch, phase);
    const FileSum& sum = hash.finish();
    return {.sha256 = sum.sha256, .size = sum.size, .sql_bytes = sql_bytes};
}

} // namespace dbbackup::ops
