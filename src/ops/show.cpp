#include "ops/named_dump.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/show.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

ShowReport show(const ShowRequest& request, Listener& listener, const base::Clock& clock) {
    store::FoundDump found = find_named_dump({.directory = request.directory,
                                              .reference = request.dump,
                                              .latest = request.latest,
                                              .only_parts = store::OnlyParts::newest,
                                              .command_line = request.command_line},
                                             listener, clock);
    const std::string path = found.directory.files().path_of(found.entry.name);
    if (!found.entry.manifest) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' cannot be shown: {}", base::printable(path), found.entry.problem),
            "Only a dump with its manifest (the same name and .json) says what it holds."};
    }
    return {.path = path, .entry = std::move(found.entry), .now = clock.now()};
}

} // namespace dbbackup::ops
