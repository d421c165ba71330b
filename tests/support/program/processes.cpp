#include "support/program/processes.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace dbbackup::test {

namespace {

using namespace std::chrono_literals;

/// Nothing if the process is gone or not readable for us.
std::string read_if_there(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

bool is_process_id(const std::string& name) {
    return std::ranges::all_of(name, [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::vector<std::filesystem::path> other_processes() {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        const std::string name = entry.path().filename().string();
        if (is_process_id(name) && name != std::to_string(::getpid())) {
            found.push_back(entry.path());
        }
    }
    return found;
}

std::string shown(const std::filesystem::path& process, std::string command_line) {
    std::ranges::replace(command_line, '\0', ' ');
    return process.filename().string() + " " + command_line;
}

} // namespace

std::vector<std::string> processes_with(const std::string& mark) {
    std::vector<std::string> found;
    for (const auto& process : other_processes()) {
        std::string command_line = read_if_there(process / "cmdline");
        if (command_line.find(mark) != std::string::npos ||
            read_if_there(process / "environ").find(mark) != std::string::npos) {
            found.push_back(shown(process, std::move(command_line)));
        }
    }
    return found;
}

std::vector<std::string> command_lines_with(const std::string& text) {
    std::vector<std::string> found;
    for (const auto& process : other_processes()) {
        std::string command_line = read_if_there(process / "cmdline");
        if (command_line.find(text) != std::string::npos) {
            found.push_back(shown(process, std::move(command_line)));
        }
    }
    return found;
}

bool can_leave_network() {
    return std::system("unshare --net true 2> /dev/null") == 0;
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(10ms);
    }
    return true;
}

} // namespace dbbackup::test
