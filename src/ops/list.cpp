#include <dbbackup/ops/list.hpp>

#include <cerrno>

namespace dbbackup::ops {

namespace {

std::vector<store::DumpEntry> find_all(const std::filesystem::path& directory) {
    try {
        return store::DumpDirectory::open(directory).list();
    } catch (const base::SystemError& error) {
        if (error.error_number() == ENOENT) {
            return {}; // the first dump makes it
        }
        throw;
    }
}

} // namespace

ListReport list(const ListRequest& request, const base::Clock& clock) {
    ListReport report{.directory = request.directory,
                      .now = clock.now(),
                      .dumps = find_all(request.directory),
                      .is_filtered = request.is_filtered()};
    std::erase_if(report.dumps, [&request](const store::DumpEntry& dump) {
        const auto label = dump.manifest ? dump.manifest->dump.label : std::nullopt;
        return (request.database && dump.database() != request.database) ||
               (request.label && label != request.label);
    });
    return report;
}

} // namespace dbbackup::ops
