#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/user.hpp>

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pwd.h>
#include <unistd.h>

namespace dbbackup::sys {

bool is_root() noexcept {
    return ::geteuid() == 0;
}

User require_user(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        passwd entry{};
        passwd* found = nullptr;
        std::array<char, 16384> buffer{};
        if (::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
            found != nullptr) {
            return {.name = name, .uid = entry.pw_uid, .gid = entry.pw_gid};
        }
    }
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("there is no user {} on this machine", fmt::join(names, " or "))};
}

} // namespace dbbackup::sys
