#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace dbbackup::sys {

/// A user of the system, with all that a process needs to become it. Such a process has no group
/// but this one.
struct User {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
};

[[nodiscard]] bool is_root() noexcept;

/// "mallory" or, if the system knows no name for it, "1001".
[[nodiscard]] std::string user_name_of(uid_t uid);

/// For messages, safe to show: "user 'mallory' (uid 1001)".
[[nodiscard]] std::string describe_user(uid_t uid);

/// The first of `names` that exists. Throws base::Error{failed} if none does.
[[nodiscard]] User require_user(const std::vector<std::string>& names);

} // namespace dbbackup::sys
