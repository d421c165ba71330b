#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/user.hpp>

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pwd.h>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

/// Room for the system's data about a user.
using Buffer = std::array<char, 16384>;

} // namespace

bool is_root() noexcept {
    return ::geteuid() == 0;
}

std::string user_name_of(uid_t uid) {
    passwd entry{};
    passwd* found = nullptr;
    Buffer buffer{};
    const bool is_known =
        ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
    return is_known ? entry.pw_name : std::to_string(uid);
}

std::string describe_user(uid_t uid) {
    const std::string name = user_name_of(uid);
    return name == std::to_string(uid)
               ? fmt::format("the user with uid {}", uid)
               : fmt::format("user '{}' (uid {})", base::printable(name), uid);
}

User require_user(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        passwd entry{};
        passwd* found = nullptr;
        Buffer buffer{};
        if (::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
            found != nullptr) {
            return {.name = name, .uid = entry.pw_uid, .gid = entry.pw_gid};
        }
    }
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("there is no user {} on this machine", fmt::join(names, " or "))};
}

} // namespace dbbackup::sys
