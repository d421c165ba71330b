#include "ops/dump/publish_dump.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/signals.hpp>

namespace dbbackup::ops {

void publish_dump(sys::AtomicFile& archive, const std::string& manifest,
                  const sys::Directory& directory, Listener& listener) {
    Progress progress;
    progress.phase = Progress::Phase::finishing;
    listener.on_progress(progress);
    sys::AtomicFile record{directory, store::manifest_name_of(archive.name())};
    sys::write_all(record.fd(), base::as_bytes(manifest), base::printable(record.partial_path()));
    record.sync();
    archive.sync();
    directory.require_in_place();
    // The last moment at which a signal still means "not done".
    sys::throw_if_interrupted();
    archive.commit();
    try {
        record.commit();
        directory.sync();
    } catch (...) {
        record.withdraw();
        archive.withdraw();
        throw;
    }
}

} // namespace dbbackup::ops
