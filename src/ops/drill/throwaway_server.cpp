#include "ops/drill/throwaway_server.hpp"

#include "ops/client/child_outcome.hpp"
#include "ops/drill/abandoned_servers.hpp"
#include "ops/drill/throwaway_log.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>
#include <dbbackup/sys/unused_group.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <clocale>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace dbbackup::ops {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* k_directory_prefix = "dbbackup-scratch";
constexpr const char* k_superuser = "postgres";
constexpr int k_port = 5432; ///< in the socket's name: nothing listens on a network
/// With the names of the directories and the socket, a path must stay within 107 bytes (unix(7)).
constexpr std::size_t k_longest_place = 60;

constexpr const char* k_look_hint =
    "Check disk space, memory, and whether its user can enter the parent directories. Use TMPDIR "
    "for another place, or --scratch-url for your own server.";

constexpr auto k_start_patience = 60s;
constexpr auto k_poll_interval = 10ms;
/// A connection breaks before the server notes why.
constexpr auto k_log_patience = 1s;
constexpr int k_most_connections = 20;

/// PostgreSQL does not run as root. It runs as nobody, not as postgres: code in a dump runs with
/// the rights of that user, and postgres may own the machine's real databases. A group keeps out
/// other processes of nobody: without that group they can neither enter the private directory nor
/// inspect the server's processes (ptrace(2)).
std::optional<sys::User> server_user() {
    if (!sys::is_root()) {
        return std::nullopt;
    }
    sys::User user = sys::require_user({"nobody", "postgres"});
    user.gid = sys::find_unused_group();
    return user;
}

/// All characters, sorted by code point: available on every Linux.
const char* neutral_locale() {
    constexpr const char* k_utf8 = "C.UTF-8";
    const ::locale_t found = ::newlocale(LC_ALL_MASK, k_utf8, nullptr);
    if (found == nullptr) {
        return "C";
    }
    ::freelocale(found);
    return k_utf8;
}

bool is_ready(const fs::path& data) {
    // The eighth line is the server's state (PostgreSQL's src/include/utils/pidfile.h).
    std::istringstream file{read_postmaster_file(data)};
    std::string line;
    for (int i = 0; i < 8; ++i) {
        std::getline(file, line);
    }
    return line.starts_with("ready");
}

std::vector<std::string> server_settings(const fs::path& home, std::uint64_t most_locks) {
    constexpr std::uint64_t k_least_locks = 256;
    const std::uint64_t locks = std::max(k_least_locks, most_locks / k_most_connections + 1);
    std::vector<std::string> arguments{"-D", (home / k_server_data).string()};
    for (const std::string& setting : std::vector<std::string>{
             "listen_addresses=", "unix_socket_directories=" + home.string(),
             "unix_socket_permissions=0700", fmt::format("port={}", k_port),
             // In its home: every process of its user could read files in /dev/shm.
             "dynamic_shared_memory_type=mmap",
             // Nothing needs to survive a crash of the machine.
             "fsync=off", "full_page_writes=off", "synchronous_commit=off", "wal_level=minimal",
             "max_wal_senders=0", "archive_mode=off", "max_wal_size=4GB", "checkpoint_timeout=1h",
             "autovacuum=off", fmt::format("max_connections={}", k_most_connections),
             fmt::format("max_locks_per_transaction={}", locks), "timezone=UTC", "lc_messages=C",
             // A statement may contain a password.
             "logging_collector=off", "log_destination=stderr", "log_min_error_statement=panic",
             "log_line_prefix=", "shared_preload_libraries=", "ssl=off"}) {
        arguments.insert(arguments.end(), {"-c", setting});
    }
    return arguments;
}

} // namespace

fs::path throwaway_place(const std::vector<std::string>& environment) {
    constexpr std::string_view k_variable = "TMPDIR=";
    fs::path place = "/var/tmp";
    for (const std::string& entry : environment) {
        if (entry.starts_with(k_variable) && entry.size() > k_variable.size()) {
            place = fs::absolute(entry.substr(k_variable.size()));
        }
    }
    if (place.native().size() > k_longest_place) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("the path '{}' is too long for the socket of a throwaway server",
                        base::printable(place.native())),
            fmt::format("Set TMPDIR to a directory whose path has at most {} bytes.",
                        k_longest_place)};
    }
    return place;
}

ThrowawayServer::ThrowawayServer(const pg::ClientTools& binaries, const fs::path& place,
                                 std::uint64_t most_locks, Listener& listener)
    : user_(server_user()), directory_([&] {
          // First the new directory, which must be in a safe place: only there may anything be
          // removed.
          sys::PrivateDirectory directory{place, k_directory_prefix, user_};
          remove_abandoned_servers(place, k_directory_prefix, listener);
          return directory;
      }()) {
    directory_.make_directory(k_server_home, user_);
    initialize(binaries, listener);
    start(binaries, most_locks);
}

ThrowawayServer::~ThrowawayServer() {
    server_.reset();
    if (user_) {
        sys::end_all_of_group(user_->gid);
    }
}

fs::path ThrowawayServer::home() const {
    return directory_.path() / k_server_home;
}

sys::Command ThrowawayServer::command(const pg::ClientTools& binaries, const char* program,
                                      std::vector<std::string> arguments) const {
    return {.program = binaries.program(program),
            .arguments = std::move(arguments),
            .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"},
            .inherited_fds = {},
            .user = user_,
            .network = user_ ? sys::Network::none : sys::Network::callers,
            .directory = home().string(),
            .end_signal = SIGQUIT};
}

void ThrowawayServer::initialize(const pg::ClientTools& binaries, Listener& listener) const {
    try {
        sys::ChildProcess initdb{
            command(binaries, "initdb",
                    {"--pgdata=" + (home() / k_server_data).string(),
                     fmt::format("--username={}", k_superuser), "--auth=trust", "--encoding=UTF8",
                     fmt::format("--locale={}", neutral_locale()), "--no-sync"})};
        std::array<std::byte, 4096> output{};
        while (initdb.read_output(output.data(), output.size(), k_start_patience) > 0U) {
        }
        (void)require_success(initdb, {.listener = listener});
    } catch (const base::Error& error) {
        throw base::Error{error.kind(),
                          fmt::format("the throwaway server cannot be created: {}", error.what()),
                          k_look_hint};
    }
}

void ThrowawayServer::start(const pg::ClientTools& binaries, std::uint64_t most_locks) {
    // Nobody reads its output, and a full pipe would stop it.
    const sys::Fd nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    sys::ChildProcess& server = server_.emplace(
        command(binaries, "postgres", server_settings(home(), most_locks)), nowhere.get());
    const auto deadline = std::chrono::steady_clock::now() + k_start_patience;
    while (!is_ready(home() / k_server_data)) {
        const bool runs = server.running();
        if (!runs || std::chrono::steady_clock::now() > deadline) {
            throw base::Error{
                base::ErrorKind::failed,
                fmt::format("the throwaway server {}: {}",
                            runs ? "did not become ready" : "ended while it started",
                            base::mark_outside(base::printable_line(server.error_output()))),
                k_look_hint};
        }
        sys::interruptible_sleep(k_poll_interval);
    }
}

pg::Connection ThrowawayServer::connection(const std::string& database) const {
    pg::Connection connection;
    connection.set("host", home().string());
    connection.set("port", std::to_string(k_port));
    connection.set("user", k_superuser);
    connection.set("dbname", database);
    // Code in a dump could replace the socket by a link to another server's: the process that
    // answers must run as this server's user.
    connection.set("requirepeer", user_ ? user_->name : sys::user_name_of(::geteuid()));
    // No password for whatever listens at the socket: this file cannot exist.
    connection.set("passfile", "/dev/null/none");
    connection.database = database;
    return connection;
}

std::string ThrowawayServer::say_what_failed() const {
    const auto deadline = std::chrono::steady_clock::now() + k_log_patience;
    std::string said = last_failures(server_->error_output());
    while (said.empty() && std::chrono::steady_clock::now() < deadline) {
        sys::interruptible_sleep(k_poll_interval);
        said = last_failures(server_->error_output());
    }
    return said;
}

fs::path ThrowawayServer::make_directory(const std::string& name) const {
    fs::path path = home() / name;
    // As the server's user: root must not do anything by name in another user's directory.
    (void)sys::run_and_capture({.program = "/bin/mkdir",
                                .arguments = {"-m", "0700", "--", path.string()},
                                .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"},
                                .inherited_fds = {},
                                .user = user_},
                               k_start_patience);
    return path;
}

} // namespace dbbackup::ops
