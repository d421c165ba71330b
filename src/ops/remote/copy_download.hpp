#pragma once

#include "ops/remote/choose_copy.hpp"

#include <dbbackup/ops/copies.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/directory.hpp>

#include <cstdint>
#include <string>

namespace dbbackup::ops {

/// A copy, and the text of its manifest there.
struct ChosenCopy {
    store::DumpEntry entry;
    std::string manifest;
};

/// The copy that `request` means. Throws base::Error if it cannot be fetched.
[[nodiscard]] ChosenCopy choose_to_fetch(const ListedRemote& there, const FetchRequest& request,
                                         const store::RemoteSettings& remote,
                                         const Context& context);

/// Throws base::Error{failed} with that `hint` unless `directory` has room for `size` bytes.
void require_room(const sys::Directory& directory, std::uint64_t size, const std::string& hint);

/// Writes `copy` into `file`. Throws base::Error{damaged} unless it is the file of its manifest.
void download(const ListedRemote& there, const store::DumpEntry& copy, sys::AtomicFile& file,
              Listener& listener);

} // namespace dbbackup::ops
