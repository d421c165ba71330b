#pragma once

#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/fd.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// A sealed copy of a plain dump.
struct SealedCopy {
    sys::Fd file;             ///< unnamed, at its start, for reading
    store::Manifest manifest; ///< in format 2; the same dump_id, and the name with ".age"
};

/// Seals the plain dump that is open as `fd` for `recipients` (of parse_recipients) into a file
/// without a name in `scratch`. `plain` is its manifest: what was read must fit it. The copy's
/// manifest has none of its verifications, checks and copies, which are of another file. Throws
/// base::Error: {damaged} if the dump is not that of its manifest.
[[nodiscard]] SealedCopy seal_copy(int fd, const store::Manifest& plain,
                                   const std::vector<std::string>& recipients,
                                   const sys::Directory& scratch, const Context& context);

} // namespace dbbackup::ops
