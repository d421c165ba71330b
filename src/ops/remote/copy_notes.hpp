#pragma once

#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/copy_note.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/remote.hpp>

#include <filesystem>

namespace dbbackup::ops {

/// Writes a note on a copy there, reads it back, and records in the dump directory, if there is
/// one, that it is this machine's. Throws as store::Remote does.
void write_note(store::Remote& remote, const store::RemoteSettings& settings,
                const std::string& copy_name, const store::CopyNote& note,
                const std::filesystem::path& directory, Listener& listener);

} // namespace dbbackup::ops
