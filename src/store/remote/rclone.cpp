#include "store/remote/rclone.hpp"

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>

#include <array>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace dbbackup::store {

namespace {

using namespace std::chrono_literals;

/// A listing of 100,000 files has some 15 MiB.
constexpr std::size_t k_most_output = 256U << 20U;
/// How often to look at a child that writes nothing.
constexpr auto k_look_interval = 200ms;
/// After its last byte, a child only has to close its connections.
constexpr auto k_end_patience = 60s;
/// rclone's exit code for a directory that does not exist. It means nothing without the message.
constexpr int k_exit_no_directory = 3;

std::string find_rclone(std::string_view path) {
    while (!path.empty()) {
        const std::string directory{path.substr(0, path.find(':'))};
        path.remove_prefix(std::min(path.size(), directory.size() + 1));
        const std::string program = directory + "/rclone";
        // A relative entry would let whoever owns the current directory choose the program.
        if (directory.starts_with('/') && ::access(program.c_str(), X_OK) == 0 &&
            std::filesystem::is_regular_file(program)) {
            return program;
        }
    }
    return {};
}

std::string value_of(const std::vector<std::string>& environment, std::string_view name) {
    for (const std::string& entry : environment) {
        if (entry.starts_with(name) && entry.size() > name.size() && entry[name.size()] == '=') {
            return entry.substr(name.size() + 1);
        }
    }
    return {};
}

/// Its last line that is not statistics; the message alone, if its log is JSON.
std::string last_line(std::string errors) {
    while (!errors.empty()) {
        while (!errors.empty() && (errors.back() == '\n' || errors.back() == ' ')) {
            errors.pop_back();
        }
        const std::size_t at = errors.rfind('\n') + 1;
        std::string line = errors.substr(at);
        errors.erase(at);
        const auto json = nlohmann::json::parse(line, nullptr, false);
        if (!json.is_object()) {
            return line;
        }
        if (!json.contains("stats")) {
            return json.value("msg", std::string{});
        }
    }
    return {};
}

/// `line` without what in a URL can be a secret: the query, which can hold a signature, and a
/// user's password.
std::string without_secrets(std::string line) {
    for (std::size_t query = line.find('?'); query != std::string::npos;
         query = line.find('?', query + 2)) {
        const std::size_t end = std::min(line.find_first_of(" \"'", query), line.size());
        line.replace(query, end - query, "?…");
    }
    constexpr std::string_view k_scheme = "://";
    for (std::size_t at = line.find(k_scheme); at != std::string::npos;
         at = line.find(k_scheme, at + 1)) {
        const std::size_t host = at + k_scheme.size();
        const std::size_t end = std::min(line.find_first_of("/ \"'", host), line.size());
        const std::size_t sign = line.rfind('@', end);
        if (sign != std::string::npos && sign > host) {
            line.erase(host, sign + 1 - host);
        }
    }
    return line;
}

/// rclone's last words, for people.
std::string last_words(const std::string& errors) {
    std::string line = last_line(errors);
    // "2026/11/22 17:54:58 Failed to cat: …"
    constexpr std::size_t k_time_length = 20;
    if (line.size() > k_time_length && line[4] == '/' && line[7] == '/') {
        line.erase(0, k_time_length);
    }
    return base::printable_line(without_secrets(std::move(line)).substr(0, 400));
}

/// The bytes in the last of rclone's statistics that stand in `errors`, which may begin anywhere.
std::optional<std::uint64_t> find_sent(std::string_view errors) {
    constexpr std::string_view k_stats = "\"stats\":{\"bytes\":";
    const std::size_t at = errors.rfind(k_stats);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view number = errors.substr(at + k_stats.size());
    std::uint64_t sent = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), sent);
    const bool is_whole = error == std::errc{} && end != number.data() + number.size();
    return is_whole ? std::optional{sent} : std::nullopt;
}

} // namespace

Rclone::Rclone(RemoteSettings settings, const std::vector<std::string>& environment)
    : settings_(std::move(settings)), program_(find_rclone(value_of(environment, "PATH"))),
      environment_(rclone_environment(environment)) {
    if (program_.empty()) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("remote '{}' needs rclone, which is not in the PATH", settings_.name),
            "Install Debian's package rclone. A directory of this machine needs none: target = "
            "\"/path\"."};
    }
}

sys::Command Rclone::command(std::vector<std::string> arguments) const {
    // A prompt would wait for ever: there is no terminal.
    std::vector<std::string> all{"--ask-password=false", "--contimeout=30s",
                                 "--use-json-log=false"};
    if (settings_.rclone_config) {
        all.push_back("--config=" + *settings_.rclone_config);
    }
    if (settings_.bandwidth_limit) {
        all.push_back("--bwlimit=" + *settings_.bandwidth_limit);
    }
    all.insert(all.end(), std::make_move_iterator(arguments.begin()),
               std::make_move_iterator(arguments.end()));
    return {.program = program_, .arguments = std::move(all), .environment = environment_};
}

base::Error Rclone::error(const std::string& doing, const std::string& what) const {
    std::vector<std::string> look{"rclone"};
    if (settings_.rclone_config) {
        look.push_back("--config=" + *settings_.rclone_config);
    }
    look.insert(look.end(), {"lsf", settings_.target});
    return {base::ErrorKind::failed,
            fmt::format("remote '{}': cannot {}: {}", settings_.name, doing, what),
            "See whether rclone itself reaches it: " + base::shell_words(look)};
}

base::Error Rclone::unknown(const std::string& doing) const {
    const std::string name = settings_.target.substr(0, settings_.target.find(':'));
    std::vector<std::string> words{"rclone"};
    if (settings_.rclone_config) {
        words.push_back("--config=" + *settings_.rclone_config);
    }
    const std::string rclone = base::shell_words(words);
    return {base::ErrorKind::failed,
            fmt::format("remote '{}': cannot {}: rclone's configuration has no remote '{}'",
                        settings_.name, doing, base::printable(name)),
            fmt::format("See which it has: {0} listremotes. To make one: {0} config", rclone)};
}

base::Error Rclone::silence(const std::string& doing) const {
    return error(
        doing, fmt::format("rclone did nothing for {}", base::format_duration(settings_.timeout)));
}

void Rclone::require_success(sys::ChildProcess& child, const std::string& doing) const {
    const sys::ExitStatus status = child.wait(k_end_patience);
    if (!status.success()) {
        const std::string said = last_words(child.error_output());
        if (said.ends_with("didn't find section in config file")) {
            throw unknown(doing);
        }
        base::Error failure =
            error(doing, said.empty() ? "rclone ended with " + status.describe()
                                      : base::mark_outside(said, status.describe()));
        if (status.signal_number == 0) {
            throw RcloneFailed{failure};
        }
        throw failure;
    }
}

Rclone::Outcome Rclone::run(std::vector<std::string> arguments, const std::string& doing,
                            std::vector<int> inherited_fds,
                            const std::function<void(std::uint64_t)>& on_sent) const {
    sys::Command call = command(std::move(arguments));
    call.inherited_fds = std::move(inherited_fds);
    sys::ChildProcess child{std::move(call)};
    Outcome outcome;
    std::array<std::byte, 65536> buffer{};
    std::uint64_t sent = 0;
    auto last_sign = std::chrono::steady_clock::now();
    while (true) {
        const auto got = child.read_output(buffer.data(), buffer.size(), k_look_interval);
        if (got == std::size_t{0}) {
            break;
        }
        if (got) {
            outcome.output.append(base::as_text({buffer.data(), *got}));
            if (outcome.output.size() > k_most_output) {
                throw error(doing, "its answer is too long");
            }
        }
        const std::uint64_t sent_now = on_sent ? find_sent(child.error_output()).value_or(sent) : 0;
        if (got || sent_now != sent) {
            last_sign = std::chrono::steady_clock::now();
        } else if (std::chrono::steady_clock::now() - last_sign > settings_.timeout) {
            throw silence(doing);
        }
        if (sent_now != sent) {
            on_sent(sent_now);
            sent = sent_now;
        }
    }
    // It may close its output before its end: an upload has none.
    while (child.running()) {
        const std::uint64_t sent_now = on_sent ? find_sent(child.error_output()).value_or(sent) : 0;
        if (sent_now != sent) {
            on_sent(sent_now);
            sent = sent_now;
            last_sign = std::chrono::steady_clock::now();
        } else if (std::chrono::steady_clock::now() - last_sign > settings_.timeout) {
            throw silence(doing);
        }
        sys::interruptible_sleep(k_look_interval / 10);
    }
    if (const sys::ExitStatus status = child.wait(k_end_patience);
        status.signal_number == 0 && status.exit_code == k_exit_no_directory &&
        child.error_output().find("directory not found") != std::string::npos) {
        outcome.has_no_directory = true;
        return outcome;
    }
    require_success(child, doing);
    return outcome;
}

} // namespace dbbackup::store
