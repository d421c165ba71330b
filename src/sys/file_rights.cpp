#include <dbbackup/sys/file_rights.hpp>

#include <grp.h>
#include <pwd.h>
#include <string>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

bool has_no_member_but(const std::string& user, char* const* members) {
    for (; *members != nullptr; ++members) {
        if (user != *members) {
            return false;
        }
    }
    return true;
}

bool is_first_group_of_another(gid_t gid, uid_t user) {
    bool found = false;
    ::setpwent();
    while (const passwd* entry = ::getpwent()) {
        found = found || (entry->pw_gid == gid && entry->pw_uid != user);
    }
    ::endpwent();
    return found;
}

/// The name is checked too, because a directory service need not list all users to getpwent().
bool is_private_group(gid_t gid, uid_t user) {
    const passwd* entry = ::getpwuid(user);
    if (entry == nullptr || entry->pw_gid != gid) {
        return false;
    }
    const std::string name = entry->pw_name;
    const group* members = ::getgrgid(gid);
    return members != nullptr && name == members->gr_name &&
           has_no_member_but(name, members->gr_mem) && !is_first_group_of_another(gid, user);
}

} // namespace

RightsOfOthers rights_of_others(const struct stat& status) {
    // Checked last, because it can mean reading all users of a directory service.
    const auto may = [&](mode_t others, mode_t group) {
        return (status.st_mode & others) != 0 ||
               ((status.st_mode & group) != 0 && !is_private_group(status.st_gid, status.st_uid));
    };
    return {.own = status.st_uid != ::geteuid() && status.st_uid != 0,
            .write = may(S_IWOTH, S_IWGRP),
            .read = may(S_IROTH, S_IRGRP)};
}

} // namespace dbbackup::sys
