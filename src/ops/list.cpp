#include <dbbackup/ops/list.hpp>
#include <dbbackup/store/existing_directory.hpp>
#include <dbbackup/store/server_file.hpp>

#include <cerrno>
#include <utility>

namespace dbbackup::ops {

namespace {

std::optional<store::DumpDirectory> find_directory(const ListRequest& request) {
    try {
        return store::open_existing(request.directory, request.command_line);
    } catch (const base::SystemError& error) {
        if (error.error_number() != ENOENT ||
            request.missing_directory == MissingDirectory::is_error) {
            throw;
        }
        return std::nullopt; // the first dump creates it
    }
}

void add_server_files(const store::DumpDirectory& directory, ListReport& report) {
    report.globals = store::list_globals(directory);
    for (store::SetEntry& entry : store::list_sets(directory)) {
        auto missing =
            entry.set ? store::find_missing(*entry.set, directory) : std::vector<std::string>{};
        report.sets.push_back({.entry = std::move(entry), .missing = std::move(missing)});
    }
}

} // namespace

ListReport list(const ListRequest& request, const base::Clock& clock) {
    const auto directory = find_directory(request);
    ListReport report{.directory = request.directory,
                      .now = clock.now(),
                      .dumps = directory ? directory->list() : std::vector<store::DumpEntry>{},
                      .is_filtered = request.is_filtered()};
    if (directory && !request.is_filtered()) {
        add_server_files(*directory, report);
    }
    std::erase_if(report.dumps, [&request](const store::DumpEntry& dump) {
        return (request.database && dump.database() != request.database) ||
               (request.label && dump.label() != request.label) ||
               (request.named && !request.named->has(dump.manifest));
    });
    return report;
}

} // namespace dbbackup::ops
