#include "ops/seal/seal_copy.hpp"

#include "ops/seal/age_program.hpp"
#include "ops/seal/seal_sink.hpp"
#include "ops/seal/sealed_manifest.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/fd_source.hpp>
#include <dbbackup/sys/signals.hpp>
#include <dbbackup/sys/unnamed_file.hpp>

#include <fmt/format.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>
#include <vector>

namespace dbbackup::ops {

namespace {

void copy_into(SealSink& sink, int fd, const store::Manifest& plain) {
    const std::string name = base::printable(plain.file.name);
    stream::FdSource file{fd, name};
    stream::Checksum checksum;
    std::vector<std::byte> buffer(stream::k_block_size);
    for (std::size_t got = file.read(buffer.data(), buffer.size()); got > 0;
         got = file.read(buffer.data(), buffer.size())) {
        sys::throw_if_interrupted();
        checksum.observe({buffer.data(), got});
        sink.write({buffer.data(), got});
    }
    if (checksum.size() != plain.file.size || checksum.sha256() != plain.file.sha256) {
        throw base::Error{base::ErrorKind::damaged,
                          fmt::format("'{}' is damaged, or not the dump of its manifest", name),
                          "It was not sealed. Use another dump."};
    }
}

} // namespace

SealedCopy seal_copy(int fd, const store::Manifest& plain,
                     const std::vector<std::string>& recipients, const sys::Directory& scratch,
                     const Context& context) {
    if (plain.seal || recipients.empty()) {
        throw std::logic_error("what is sealed is not sealed again, and never for nobody");
    }
    const AgeProgram age{context};
    SealedCopy copy{.file = sys::make_unnamed_file(scratch), .manifest = plain};
    SealSink sink{age, recipients, copy.file.get(), "the sealed copy"};
    try {
        copy_into(sink, fd, plain);
    } catch (const base::Error&) {
        sink.throw_cause();
        throw;
    }
    sink.finish();
    ::lseek(copy.file.get(), 0, SEEK_SET);
    store::Manifest& manifest = copy.manifest;
    manifest.file.name += store::k_sealed_suffix;
    manifest.file.size = sink.sum().size;
    manifest.file.sha256 = sink.sum().sha256;
    manifest.verifications.clear();
    manifest.checks.clear();
    manifest.copies.clear();
    manifest = seal_manifest(std::move(manifest), recipients, age);
    return copy;
}

} // namespace dbbackup::ops
