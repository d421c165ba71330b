#include <dbbackup/ops/list.hpp>

namespace dbbackup::ops {

ListReport list(const ListRequest& request, const base::Clock& clock) {
    return {.directory = request.directory,
            .now = clock.now(),
            .dumps = store::DumpDirectory::open(request.directory).list()};
}

} // namespace dbbackup::ops
