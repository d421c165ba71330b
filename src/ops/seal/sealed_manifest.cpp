#include "ops/seal/sealed_manifest.hpp"

#include "ops/seal/armor.hpp"
#include "ops/seal/seal_sink.hpp"
#include "ops/seal/sealed_size.hpp"
#include "ops/seal/sealed_source.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/identity.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/unnamed_file.hpp>

#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace dbbackup::ops {

store::Manifest seal_manifest(store::Manifest manifest, const std::vector<std::string>& recipients,
                              const AgeProgram& age) {
    manifest.seal.reset();
    const std::string record = store::to_sealable_json(manifest);
    const sys::Fd file = sys::make_unnamed_file();
    SealSink sink{age, recipients, file.get(), "the sealed record"};
    try {
        sink.write(base::as_bytes(record));
    } catch (const base::Error&) {
        sink.throw_cause();
        throw;
    }
    sink.finish();
    ::lseek(file.get(), 0, SEEK_SET);
    manifest.seal = store::Manifest::Seal{
        .recipients = recipients,
        .record =
            armored(sys::read_all(file.get(), store::k_most_manifest_bytes, "the sealed record")),
        .is_open = true};
    return manifest;
}

store::Manifest open_sealed_manifest(const store::Manifest& sealed, const std::string& name,
                                     const Context& context) {
    const sys::Fd file = sys::make_unnamed_file();
    sys::write_all(file.get(), base::as_bytes(sealed.seal.value().record), "the sealed record");
    try {
        const std::string json = read_sealed(AgeProgram{context}, file.get(),
                                             context.identity->fd(), store::k_most_manifest_bytes);
        return store::open_manifest(sealed, json, name);
    } catch (const base::Error& error) {
        if (error.kind() == base::ErrorKind::usage) {
            throw;
        }
        throw base::Error{error.kind(),
                          fmt::format("the sealed record in '{}' cannot be opened: {}",
                                      base::printable(name), error.what()),
                          error.hint()};
    }
}

bool is_sealed(const store::DumpEntry& dump, std::string_view beginning) {
    return begins_sealed(beginning) || (dump.manifest && dump.manifest->seal) ||
           dump.name.ends_with(store::k_sealed_suffix);
}

} // namespace dbbackup::ops
