#include "ops/remote/copy_notes.hpp"

#include "ops/remote/remote_records.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/unnamed_file.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

void write_note(store::Remote& remote, const store::RemoteSettings& settings,
                const std::string& copy_name, const store::CopyNote& note,
                const std::filesystem::path& directory, Listener& listener) {
    const std::string name = store::make_note_name(copy_name, note.at);
    const std::string text = store::to_json(note);
    const sys::Fd file = sys::make_unnamed_file();
    sys::write_all(file.get(), base::as_bytes(text), "the note");
    remote.write(file.get(), name, store::Existing::refused, {});
    const auto read = remote.read_texts({name});
    if (const auto found = read.find(name); found == read.end() || found->second != text) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("the note '{}' is not there as it was written",
                                      base::printable(remote.path_of(name))),
                          "Try again."};
    }
    try {
        const auto dumps = store::DumpDirectory::open_or_create(directory);
        RemoteRecords records = read_records(dumps, settings.name);
        records.own_notes.insert(name);
        write_records(dumps, settings.name, records);
    } catch (const base::Error& error) {
        // Without the record, prune takes it for another machine's: it can only keep more.
        listener.on_warning(fmt::format("the note was written, but not that it is ours, so it does "
                                        "not let prune delete more: {}",
                                        error.what()));
    }
}

} // namespace dbbackup::ops
