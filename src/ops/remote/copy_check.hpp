#pragma once

#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/remote.hpp>

#include <cstdint>
#include <string>

namespace dbbackup::ops {

/// A file, as it must be at a remote.
struct ExpectedFile {
    std::string name;
    std::uint64_t size = 0;
    std::string sha256;
};

/// Reads a file at a remote to its end and returns its SHA-256. Throws as store::Remote does.
[[nodiscard]] std::string hash_copy(store::Remote& remote, const std::string& name,
                                    std::uint64_t size, Listener& listener);

/// Throws base::Error{failed} unless the remote lists the file, with its size.
void require_listed(store::Remote& remote, const ExpectedFile& file);

/// Proves that the remote has the file: by its size, and by the hash that the remote itself
/// computed if it does so, else by reading it. `fd` is the same file here. Returns "hash" or
/// "read". Throws base::Error{failed}.
[[nodiscard]] std::string require_copied(store::Remote& remote, const ExpectedFile& file, int fd,
                                         Listener& listener);

} // namespace dbbackup::ops
