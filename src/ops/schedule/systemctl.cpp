#include "ops/schedule/systemctl.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/child_process.hpp>
#include <dbbackup/sys/foreground_program.hpp>

#include <array>
#include <fmt/format.h>
#include <sstream>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

/// systemd answers in milliseconds unless it hangs, and `status` must not hang with it.
constexpr auto k_show_timeout = 5s;
constexpr std::size_t k_most_output = 1 << 20;
constexpr const char* k_properties =
    "--property=Id,LoadState,ActiveState,UnitFileState,TimersCalendar,NextElapseUSecRealtime,"
    "LastTriggerUSec,ActiveEnterTimestamp,Result,ExecMainStatus,ExecMainExitTimestamp,Environment";

} // namespace

Systemctl::Systemctl(const std::vector<std::string>& environment)
    : environment_{"LC_ALL=C", "TZ=UTC", "SYSTEMD_PAGER=", "SYSTEMD_COLORS=0"} {
    // A relative entry of PATH would let whoever owns the current directory choose the program.
    const auto found = sys::find_program("systemctl");
    if (!found || !found->starts_with('/')) {
        throw base::Error{base::ErrorKind::failed, "systemctl is not in the PATH"};
    }
    program_ = *found;
    for (const std::string& entry : environment) {
        if (entry.starts_with("PATH=")) {
            environment_.push_back(entry);
        }
    }
}

std::string Systemctl::run(const std::vector<std::string>& arguments,
                           std::chrono::milliseconds timeout) const {
    const std::string words = "systemctl " + base::shell_words(arguments);
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    sys::ChildProcess child{
        {.program = program_, .arguments = arguments, .environment = environment_}};
    std::string output;
    std::array<std::byte, 4096> buffer{};
    while (true) {
        const auto got = child.read_output(buffer.data(), buffer.size(), 100ms);
        if (got == std::size_t{0}) {
            break;
        }
        output += base::as_text({buffer.data(), got.value_or(0)});
        if (std::chrono::steady_clock::now() >= deadline || output.size() > k_most_output) {
            child.terminate(200ms);
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("'{}' did not end in time", words)};
        }
    }
    const sys::ExitStatus status = child.wait(timeout);
    if (!status.success()) {
        const std::string said = base::printable_line(child.error_output());
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("'{}' failed: {}", words,
                                      said.empty() ? status.describe()
                                                   : base::mark_outside(said, status.describe()))};
    }
    return output;
}

std::vector<UnitProperties> Systemctl::show(const std::vector<std::string>& units) const {
    std::vector<std::string> arguments{"show", k_properties, "--"};
    arguments.insert(arguments.end(), units.begin(), units.end());
    std::vector<UnitProperties> blocks = parse_units(run(arguments, k_show_timeout));
    if (blocks.size() != units.size()) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("systemctl show described {} of {} units", blocks.size(), units.size())};
    }
    return blocks;
}

std::vector<UnitProperties> parse_units(std::string_view output) {
    std::vector<UnitProperties> blocks;
    bool is_new = true;
    std::istringstream lines{std::string{output}};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t sign = line.find('=');
        if (line.empty()) {
            is_new = true;
        } else if (sign != std::string::npos) {
            if (is_new) {
                blocks.emplace_back();
                is_new = false;
            }
            blocks.back().emplace(line.substr(0, sign), line.substr(sign + 1));
        }
    }
    return blocks;
}

} // namespace dbbackup::ops
