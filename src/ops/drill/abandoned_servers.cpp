#include "ops/drill/abandoned_servers.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/private_directory.hpp>
#include <dbbackup/sys/process.hpp>
#include <dbbackup/sys/unused_group.hpp>

#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <sys/stat.h>
#include <thread>

namespace dbbackup::ops {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto k_poll_interval = 10ms;
/// More than the 5 s after which a server kills those of its processes that do not exit.
constexpr auto k_patience = 10s;

/// Nothing if it cannot be examined, or is a link.
std::optional<uid_t> find_owner(const fs::path& directory) {
    struct stat status {};

    const bool known = ::lstat(directory.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    return known ? std::optional{status.st_uid} : std::nullopt;
}

/// A server that outlived its process: the one whose working directory is the data directory, and
/// whose user owns it. A user who can write there could name any process in the file.
void end_server_in(const fs::path& data) {
    const std::optional<uid_t> owner = find_owner(data);
    const pid_t pid = base::leading_number(read_postmaster_file(data));
    std::error_code gone;
    const fs::path home = fs::canonical(data, gone);
    const auto runs = [&] {
        const fs::path process = fmt::format("/proc/{}", pid);
        return find_owner(process) == owner && fs::read_symlink(process / "cwd", gone) == home &&
               !gone;
    };
    // First opened, then examined, so that it cannot become another process in between.
    const auto server = sys::Process::find(pid);
    if (!owner || !server || !runs()) {
        return;
    }
    server->send(SIGQUIT);
    server->send(SIGCONT); // a stopped one could not receive it
    for (const auto deadline = std::chrono::steady_clock::now() + k_patience;
         runs() && std::chrono::steady_clock::now() < deadline;) {
        std::this_thread::sleep_for(k_poll_interval);
    }
}

} // namespace

std::string read_postmaster_file(const fs::path& data) {
    constexpr std::size_t k_most = 4096;
    try {
        return sys::Directory::open(data).read_file("postmaster.pid", k_most);
    } catch (const base::Error&) {
        return {}; // not yet, or no longer
    }
}

void remove_abandoned_servers(const fs::path& place, const std::string& prefix,
                              Listener& listener) {
    for (const sys::PrivateDirectory& abandoned :
         sys::PrivateDirectory::adopt_abandoned(place, prefix)) {
        listener.on_detail(fmt::format("removing {}, which a killed run left",
                                       base::printable(abandoned.path().native())));
        end_server_in(abandoned.path() / k_server_home / k_server_data);
        if (const auto group = abandoned.guest_group()) {
            sys::end_all_of_group(*group);
        }
    }
}

} // namespace dbbackup::ops
