#pragma once

#include <sys/stat.h>

namespace dbbackup::sys {

/// What others than this process's own user and root may do with a file or a directory.
struct RightsOfOthers {
    bool own = false;
    bool write = false;
    bool read = false;
};

/// By owner and mode. The rights of a group count as those of others, unless it is the private
/// group of the owner, which many systems make for each user and let write by their umask of 002.
/// Of a symbolic link only `own` means something.
[[nodiscard]] RightsOfOthers rights_of_others(const struct stat& status);

} // namespace dbbackup::sys
