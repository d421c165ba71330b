#include "store/remote/directory_remote.hpp"
#include "store/remote/rclone_remote.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::store {

namespace {

[[noreturn]] void refuse(const RemoteSettings& settings, const std::string& why,
                         const std::string& hint) {
    throw base::Error{base::ErrorKind::usage, fmt::format("remote '{}': {}", settings.name, why),
                      hint};
}

} // namespace

void require_usable(const RemoteSettings& settings) {
    if (settings.target.starts_with('/')) {
        return;
    }
    constexpr const char* k_hint =
        "Give it a name with rclone config, which keeps the credentials, and use that: target = "
        "\"NAME:PATH\". A directory of this machine: target = \"/path\".";
    const std::string& target = settings.target;
    const std::size_t colon = target.find(':');
    if (target.empty() || target.starts_with('-') || colon == std::string::npos) {
        refuse(settings, "its target is neither rclone's \"NAME:PATH\" nor an absolute directory",
               k_hint);
    }
    const std::string_view name = std::string_view{target}.substr(0, colon);
    if (name.empty() || name.find_first_of(",='\"@/") != std::string_view::npos ||
        target.compare(colon, 3, "://") == 0) {
        refuse(settings, "its target is not \"NAME:PATH\" with a name that rclone knows", k_hint);
    }
    // "user:password@host:path"
    if (const std::size_t sign = target.find('@', colon);
        sign != std::string::npos && target.find(':', sign) != std::string::npos) {
        refuse(settings, "its target looks like one with a password", k_hint);
    }
    if (target.find_first_of("\n\r") != std::string::npos) {
        refuse(settings, "its target has a line break", k_hint);
    }
}

std::unique_ptr<Remote> open_remote(const RemoteSettings& settings,
                                    const std::vector<std::string>& environment) {
    require_usable(settings);
    if (settings.target.starts_with('/')) {
        return std::make_unique<DirectoryRemote>(settings);
    }
    return std::make_unique<RcloneRemote>(settings, environment);
}

} // namespace dbbackup::store
