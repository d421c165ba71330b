#include "ops/read/named_dump.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/pin.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// The pin is in the manifest, and a foreign manifest does not count.
void require_own(const store::DumpEntry& dump, const std::string& path) {
    if (dump.is_foreign()) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("'{}' cannot be pinned or unpinned: {}",
                                      base::printable(path), base::printable(dump.problem)),
                          "Nothing was changed. prune never deletes the dumps of other users."};
    }
}

} // namespace

PinReport pin(const PinRequest& request, const Context& context) {
    const store::FoundDump found = find_named_dump({.directory = request.directory,
                                                    .reference = request.dump,
                                                    .latest = request.latest,
                                                    .only_parts = store::OnlyParts::refused,
                                                    .command_line = request.command_line},
                                                   context);
    const std::string path = found.directory.files().path_of(found.entry.name);
    require_own(found.entry, path);
    return {.path = path,
            .pinned = request.pinned == store::Pinned::yes,
            .change = store::set_pinned(found.directory, found.entry.name, request.pinned)};
}

} // namespace dbbackup::ops
