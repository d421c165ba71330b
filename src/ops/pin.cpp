#include <dbbackup/ops/pin.hpp>
#include <dbbackup/store/dump_directory.hpp>

namespace dbbackup::ops {

PinReport pin(const PinRequest& request) {
    const store::FoundDump found = store::resolve_dump(request.directory, request.dump,
                                                       request.database, store::Match::prefix);
    return {.path = found.directory.files().path_of(found.entry.name),
            .pinned = request.pinned == store::Pinned::yes,
            .change = store::set_pinned(found.directory, found.entry.name, request.pinned)};
}

} // namespace dbbackup::ops
