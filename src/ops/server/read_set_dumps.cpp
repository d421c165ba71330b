#include "ops/server/read_set_dumps.hpp"

#include "ops/read/dump_file.hpp"
#include "ops/read/file_hash.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

[[noreturn]] void throw_damaged(const std::string& file, const std::string& why) {
    throw base::Error{base::ErrorKind::damaged, fmt::format("'{}' {}", base::printable(file), why),
                      "Nothing was changed. Restore another set."};
}

store::FoundDump find_member(const FoundSet& found, const store::DumpSet::Member& member) {
    auto entry = found.directory.find(member.file);
    if (!entry) {
        throw_damaged(member.file, "is missing");
    }
    return {.directory = store::DumpDirectory::open(found.directory.files().path()),
            .entry = std::move(*entry),
            .warnings = {},
            .older_sound = std::nullopt};
}

} // namespace

pg::Globals read_globals_of(const FoundSet& found, const Context& context) {
    const store::DumpSet::Member& member = found.entry.set.value().globals;
    const DumpFile file{find_member(found, member), context};
    pg::GlobalsReader reader;
    const pg::DumpScanner unused;
    const DumpPass pass =
        file.read(reader, unused, {.listener = context.listener}, Progress::Phase::checking);
    reader.finish();
    if (pass.sha256 != member.sha256) {
        throw_damaged(member.file, "is another file than the set lists");
    }
    if (!reader.incompleteness().empty()) {
        throw_damaged(member.file, "is not complete: " + reader.incompleteness());
    }
    if (!reader.refused().empty()) {
        throw_damaged(member.file,
                      "must not run: it holds what pg_dumpall does not write: " + reader.refused());
    }
    return reader.globals();
}

void require_own_dumps(const FoundSet& found, const Context& context) {
    for (const store::DumpSet::Database& database : found.entry.set.value().databases) {
        context.listener.on_detail(
            fmt::format("checking '{}'", base::printable(database.dump.file)));
        const sys::Fd file = found.directory.files().open_file(database.dump.file);
        const FileHash hash{file.get(), base::printable(database.dump.file)};
        if (hash.finish().sha256 != database.dump.sha256) {
            throw_damaged(database.dump.file, "is another file than the set lists");
        }
    }
}

} // namespace dbbackup::ops
