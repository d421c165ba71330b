#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/names_in.hpp>
#include <dbbackup/sys/process.hpp>
#include <dbbackup/sys/unused_group.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <random>
#include <sstream>
#include <string>
#include <sys/shm.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace dbbackup::sys {

namespace {

using namespace std::chrono_literals;

struct GroupRange {
    gid_t first;
    gid_t last;
};

/// Ranges that https://systemd.io/UIDS-GIDS calls unused, and no common directory service assigns.
/// The first is large enough that two runs never collide; the others are for containers, which
/// often have 65,536 groups.
constexpr std::array k_ranges{GroupRange{2'000'300'000, 2'147'352'575}, GroupRange{60'578, 61'183},
                              GroupRange{65'520, 65'533}};

/// Whether this user namespace has that group at all (user_namespaces(7)).
bool is_mapped(gid_t gid) {
    std::ifstream map{"/proc/self/gid_map"};
    if (!map) {
        return true;
    }
    std::uint64_t first = 0;
    std::uint64_t outside = 0;
    std::uint64_t count = 0;
    while (map >> first >> outside >> count) {
        if (gid >= first && gid - first < count) {
            return true;
        }
    }
    return false;
}

bool is_in_range(gid_t gid) {
    return std::any_of(k_ranges.begin(), k_ranges.end(), [gid](const GroupRange& range) {
        return gid >= range.first && gid <= range.last;
    });
}

bool has_account(gid_t gid) {
    struct group entry {};

    struct group* found = nullptr;
    std::vector<char> buffer(1 << 16);
    return ::getgrgid_r(gid, &entry, buffer.data(), buffer.size(), &found) != 0 || found != nullptr;
}

/// By what the kernel says about the process, not by the owner of /proc/PID: there a process can
/// make itself look like root's. A zombie does not count, but if only its first thread has ended,
/// the others go on.
bool runs_with_group(const std::string& pid, gid_t gid) {
    std::ifstream status{"/proc/" + pid + "/status"};
    bool has_group = false;
    bool has_ended = false;
    int threads = 0;
    for (std::string line; std::getline(status, line);) {
        std::istringstream words{line};
        std::string name;
        words >> name;
        if (name == "State:") {
            std::string state;
            words >> state;
            has_ended = state == "Z";
        } else if (name == "Threads:") {
            words >> threads;
        } else if (name == "Gid:" || name == "Groups:") {
            for (gid_t group = 0; words >> group;) {
                has_group = has_group || group == gid;
            }
        }
    }
    return has_group && (!has_ended || threads > 1);
}

std::vector<std::string> processes_of_group(gid_t gid) {
    std::vector<std::string> found;
    for (const std::string& name : names_in("/proc")) {
        if (std::isdigit(static_cast<unsigned char>(name.front())) != 0 &&
            runs_with_group(name, gid)) {
            found.push_back(name);
        }
    }
    return found;
}

void kill_processes(gid_t gid) {
    constexpr int k_most_rounds = 500;
    constexpr int k_empty_looks = 5;
    // Repeatedly, because one of them may have just started another, even during the search.
    for (int round = 0, empty = 0; round < k_most_rounds && empty < k_empty_looks; ++round) {
        const std::vector<std::string> left = processes_of_group(gid);
        empty = left.empty() ? empty + 1 : 0;
        for (const std::string& pid : left) {
            const auto process = Process::find(std::atoi(pid.c_str()));
            if (process && runs_with_group(pid, gid)) {
                process->send(SIGKILL);
            }
        }
        std::this_thread::sleep_for(1ms);
    }
}

/// System V's, which proc(5) lists: key, id, mode, size, two processes, attached, user, group.
void remove_segments(gid_t gid) {
    std::ifstream segments{"/proc/sysvipc/shm"};
    std::string line;
    std::getline(segments, line); // the heading
    while (std::getline(segments, line)) {
        std::istringstream fields{line};
        std::string key;
        std::string passed_over;
        int id = 0;
        gid_t group = 0;
        fields >> key >> id;
        for (int field = 0; field < 6; ++field) {
            fields >> passed_over;
        }
        if (fields >> group && group == gid) {
            ::shmctl(id, IPC_RMID, nullptr);
        }
    }
}

/// POSIX's, which are files (shm_overview(7)).
void remove_shared_files(gid_t gid) {
    const Fd directory{::open("/dev/shm", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    for (const std::string& name : names_in("/dev/shm")) {
        struct stat status {};

        if (::fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            status.st_gid == gid && S_ISREG(status.st_mode)) {
            ::unlinkat(directory.get(), name.c_str(), 0);
        }
    }
}

} // namespace

gid_t find_unused_group() {
    constexpr int k_attempts = 50;
    std::random_device random;
    for (const GroupRange& range : k_ranges) {
        std::uniform_int_distribution<gid_t> any{range.first, range.last};
        for (int attempt = 0; attempt < k_attempts; ++attempt) {
            const gid_t gid = any(random);
            if (is_mapped(gid) && !has_account(gid) && processes_of_group(gid).empty()) {
                return gid;
            }
        }
    }
    throw base::Error{
        base::ErrorKind::failed, "there is no unused group for the throwaway server to run with",
        "Run this as a user who is not root, or use your own server with --scratch-url."};
}

void end_all_of_group(gid_t gid) noexcept {
    try {
        if (!is_in_range(gid) || has_account(gid)) {
            return; // not from find_unused_group(): somebody may use it
        }
        kill_processes(gid);
        remove_segments(gid);
        remove_shared_files(gid);
    } catch (const std::exception&) {
        // For example, out of memory. What is left then has none of our rights.
    }
}

} // namespace dbbackup::sys
