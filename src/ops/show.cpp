#include "ops/part/restored_part.hpp"
#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/read/manifest_difference.hpp"
#include "ops/read/named_dump.hpp"
#include "ops/restore/restore_plan.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/show.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

ReadDump read(const store::FoundDump& found, const Context& context) {
    const DumpFile file{found, context};
    const CheckedDump checked =
        check_dump(file, std::nullopt, {.listener = context.listener, .estimated_bytes = 0});
    return {.sha256 = checked.pass.sha256,
            .sql_size = checked.pass.sql_bytes,
            .database = name_dumped_database(found.entry, file),
            .part = part_of_database(std::nullopt, checked),
            .contents = to_manifest(checked.contents)};
}

} // namespace

ShowReport show(const ShowRequest& request, const Context& context) {
    store::FoundDump found = find_named_dump({.directory = request.directory,
                                              .reference = request.dump,
                                              .latest = request.latest,
                                              .only_parts = store::OnlyParts::newest,
                                              .command_line = request.command_line},
                                             context);
    const std::string path = found.directory.files().path_of(found.entry.name);
    if (found.entry.unread_manifest) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' cannot be shown: {}", base::printable(path), found.entry.problem),
            fmt::format(
                "Move its manifest (the same name and .json) away to see what the dump says "
                "of itself, or bring the manifest back from a copy.")};
    }
    std::optional<ReadDump> contents;
    if (!found.entry.manifest) {
        contents = read(found, context);
    }
    return {.path = path,
            .entry = std::move(found.entry),
            .read = std::move(contents),
            .now = context.clock.now()};
}

} // namespace dbbackup::ops
