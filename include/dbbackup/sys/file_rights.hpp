#pragma once

#include <sys/stat.h>

namespace dbbackup::sys {

/// What users other than this process's own and root may do with a file or a directory.
struct RightsOfOthers {
    bool own = false;
    bool write = false;
    bool read = false;
};

/// By owner and mode. A group's rights count as those of others, unless it is the owner's private
/// group: many systems create one for each user, and their umask of 002 lets it write. For a
/// symbolic link only `own` is meaningful.
[[nodiscard]] RightsOfOthers rights_of_others(const struct stat& status);

} // namespace dbbackup::sys
