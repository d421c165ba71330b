#include <dbbackup/ops/list.hpp>
#include <dbbackup/store/existing_directory.hpp>

#include <cerrno>

namespace dbbackup::ops {

namespace {

std::vector<store::DumpEntry> find_all(const ListRequest& request) {
    try {
        return store::open_existing(request.directory, request.command_line).list();
    } catch (const base::SystemError& error) {
        if (error.error_number() != ENOENT ||
            request.missing_directory == MissingDirectory::is_error) {
            throw;
        }
        return {}; // the first dump creates it
    }
}

} // namespace

ListReport list(const ListRequest& request, const base::Clock& clock) {
    ListReport report{.directory = request.directory,
                      .now = clock.now(),
                      .dumps = find_all(request),
                      .is_filtered = request.is_filtered()};
    std::erase_if(report.dumps, [&request](const store::DumpEntry& dump) {
        return (request.database && dump.database() != request.database) ||
               (request.label && dump.label() != request.label) ||
               (request.named && !request.named->has(dump.manifest));
    });
    return report;
}

} // namespace dbbackup::ops
