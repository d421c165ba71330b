// The surroundings of a drill: its user, other drills at the same time, the caller's variables.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/processes.hpp"
#include "support/scene/drill_scene.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <memory>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

constexpr const char* k_small = "create table t (id integer primary key); insert into t values (1)";

struct stat status_of(const std::filesystem::path& path) {
    struct stat status {};

    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status;
}

/// The kernel's value for `name` in /proc/PID/status.
std::string status_line(const std::string& id, const std::string& name) {
    std::istringstream status{read_file("/proc/" + id + "/status")};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name)) {
            const std::size_t value = line.find_first_not_of(" \t", name.size());
            return value == std::string::npos ? "" : line.substr(value);
        }
    }
    return "no such line";
}

constexpr int k_terminal = 7; ///< tty_nr in proc(5)

/// One field of /proc/PID/stat, as proc(5) counts them.
std::string field_of_stat(const std::string& id, int number) {
    const std::string stat = read_file("/proc/" + id + "/stat");
    std::istringstream fields{stat.substr(stat.rfind(')') + 1)};
    std::string field;
    for (int at = 3; at <= number; ++at) {
        fields >> field;
    }
    return field;
}

/// Files that a process has open, except those in `home` and the kernel's own.
Words opened_elsewhere(const std::string& id, const std::filesystem::path& home) {
    Words found;
    std::error_code gone;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc/" + id + "/fd", gone}) {
        const std::string file = std::filesystem::read_symlink(entry.path(), gone);
        if (file.starts_with("/") && !file.starts_with(home.string() + "/") &&
            file != "/dev/null" && file != "/dev/urandom" && file != "/dev/random") {
            found.push_back(file);
        }
    }
    return found;
}

/// A run in the middle of its restore, on a throwaway server.
class SleepingDrill {
public:
    explicit SleepingDrill(const DrillScene& scene)
        : scene_(scene), run_(scene.words(scene.dump()), scene.options()) {
        REQUIRE(eventually([this] { return loads_rows_in(scene_.place()); }));
    }

    ~SleepingDrill() {
        if (run_.running()) {
            run_.send(SIGTERM);
            (void)run_.wait();
        }
    }

    SleepingDrill(const SleepingDrill&) = delete;
    SleepingDrill& operator=(const SleepingDrill&) = delete;

    [[nodiscard]] Program& run() { return run_; }

    /// The private directory.
    [[nodiscard]] std::filesystem::path directory() const {
        const auto names = names_in(scene_.place());
        REQUIRE(names.size() == 1);
        return scene_.place() / names.front();
    }

private:
    const DrillScene& scene_;
    Program run_;
};

} // namespace

TEST_CASE("a throwaway server is private, listens on no network, and does not run as root") {
    const DrillScene scene{k_slow_to_restore};
    SleepingDrill drill{scene};
    const bool by_root = ::geteuid() == 0;
    const struct stat directory = status_of(drill.directory());
    CHECK((directory.st_mode & 07777) == (by_root ? 0710U : 0700U));
    CHECK(directory.st_uid == ::geteuid());
    const struct stat home = status_of(drill.directory() / "server");
    CHECK((home.st_mode & 07777) == 0700);
    CHECK(home.st_uid != 0);
    const auto processes = processes_in(scene.place());
    CHECK(processes.size() > 3);
    for (const std::string& process : processes) {
        const std::string id = std::to_string(std::stoi(process));
        CHECK(status_of("/proc/" + id).st_uid == home.st_uid);
        // Internet sockets of any process: its descriptors show which ones are its own.
        const ProgramResult sockets = run_program(
            {"/bin/sh", "-c",
             "for fd in /proc/$1/fd/*; do readlink $fd; done | sed -n 's/^socket:.\\(.*\\)./\\1/p' "
             "| while read inode; do awk -v i=$inode '$10 == i && $4 == \"0A\"' /proc/$1/net/tcp "
             "/proc/$1/net/tcp6; done",
             "sh", id});
        CHECK(sockets.out == "");
        // Nor does it see anything of the caller's environment.
        CHECK(read_file("/proc/" + id + "/environ").find("DBBACKUP_TEST_MARK") ==
              std::string::npos);
        CHECK(field_of_stat(id, k_terminal) == "0");
        CHECK(opened_elsewhere(id, drill.directory()) == Words{});
        if (by_root) {
            CHECK(home.st_gid == directory.st_gid);
            CHECK(status_line(id, "Gid:") == fmt::format("{0}\t{0}\t{0}\t{0}", directory.st_gid));
            CHECK(status_line(id, "Groups:").empty());
            CHECK(status_line(id, "NoNewPrivs:") == "1");
            const bool has_ours = std::filesystem::read_symlink("/proc/" + id + "/ns/net") ==
                                  std::filesystem::read_symlink("/proc/self/ns/net");
            CHECK(has_ours != can_leave_network());
        }
    }
    drill.run().send(SIGINT);
    const ProgramResult result = drill.run().wait();
    CHECK(result.exit_code == 130);
    CHECK(result.out.empty());
    scene.check_nothing_left();
}

TEST_CASE("another process of the server's user cannot access root's drill") {
    if (::geteuid() != 0) {
        WARN("left out, as only root's drill has a server of another user");
        return;
    }
    const DrillScene scene{k_slow_to_restore};
    SleepingDrill drill{scene};
    const std::string home = drill.directory() / "server";
    const std::string id = std::to_string(std::stoi(processes_in(scene.place()).front()));
    const auto as_nobody = [&](const std::string& script) {
        return run_program({"/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup",
                            "--clear-groups", "/bin/sh", "-c", script, "sh", home, id,
                            Cluster::shared().bin_dir() / "psql"});
    };
    INFO("the control: with the server's group it is all there");
    const std::string group = "--regid=" + std::to_string(status_of(home).st_gid);
    CHECK(run_program({"/usr/bin/setpriv", "--reuid=nobody", group, "--clear-groups",
                       Cluster::shared().bin_dir() / "psql", "-XAtqh", home, "-U", "postgres", "-c",
                       "select 1"})
              .out == "1\n");
    for (const char* attack :
         {"\"$3\" -XAtqh \"$1\" -U postgres -c 'select 1'", "ls \"$1\"", "ls \"$1/..\"",
          "cat \"$1/data/postmaster.pid\"", "cat \"/proc/$2/environ\"", "cat \"/proc/$2/fd/0\"",
          "cat \"/proc/$2/maps\"", "ls \"/proc/$2/cwd/\""}) {
        const ProgramResult result = as_nobody(attack);
        INFO(attack << "\n" << result.err);
        CHECK(result.out.empty());
        CHECK(result.err.find("ermission denied") != std::string::npos);
    }
    // Every process of the server's user could read them there.
    for (const auto& file : std::filesystem::directory_iterator{"/dev/shm"}) {
        struct stat status {};
        const bool is_there = ::lstat(file.path().c_str(), &status) == 0; // others come and go
        INFO(file.path());
        CHECK_FALSE((is_there && file.path().filename().string().starts_with("PostgreSQL.") &&
                     status.st_gid == status_of(home).st_gid));
    }
}

TEST_CASE("an ordinary user can drill in a writable directory") {
    if (::geteuid() != 0) {
        WARN("left out, as the other tests run as an ordinary user already");
        return;
    }
    DrillScene scene{k_small};
    const auto dump = scene.dump();
    const auto as_nobody = [&](const std::filesystem::path& program, Words words) {
        std::filesystem::permissions(scene.dumps(), std::filesystem::perms::all);
        for (const std::string& name : names_in(scene.dumps())) {
            std::filesystem::permissions(scene.dumps() / name, std::filesystem::perms::all);
        }
        words[0] = program;
        words.insert(words.begin(),
                     {"/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"});
        return run_program(words, scene.options());
    };
    // The build directory may be closed to others.
    const auto program = scene.temp() / "dbbackup";
    std::filesystem::copy_file(dbbackup_path(), program);
    const ProgramResult refused = as_nobody(program, scene.words(dump));
    CHECK(refused.exit_code == 1);
    CHECK(refused.err.find("private directory") != std::string::npos);
    CHECK(refused.err.find("TMPDIR") != std::string::npos);
    std::filesystem::permissions(scene.place(), std::filesystem::perms::all);
    const ProgramResult unsafe = as_nobody(program, scene.words(dump));
    CHECK(unsafe.exit_code == 1);
    CHECK(unsafe.err.find("not a safe place") != std::string::npos);
    std::filesystem::permissions(scene.place(),
                                 std::filesystem::perms::all | std::filesystem::perms::sticky_bit);
    const ProgramResult result = as_nobody(program, scene.words(dump));
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find("proven") != std::string::npos);
    scene.check_nothing_left();
    // Nobody may remove what root left, but it is no obstacle.
    std::filesystem::create_directory(scene.place() / "dbbackup-scratch-rooots");
    std::filesystem::permissions(scene.place() / "dbbackup-scratch-rooots",
                                 std::filesystem::perms::owner_all);
    CHECK(as_nobody(program, scene.words(dump)).exit_code == 0);
    CHECK(names_in(scene.place()) == Words{"dbbackup-scratch-rooots"});
}

TEST_CASE("if a process of a throwaway server is killed, the error says what its log says") {
    const DrillScene scene{k_slow_to_restore + "insert into slowly values (4711);"};
    SleepingDrill drill{scene};
    const auto processes = processes_in(scene.place());
    const auto restoring = std::ranges::find_if(processes, [](const std::string& process) {
        return read_file(fmt::format("/proc/{}/cmdline", std::stoi(process))).find("COPY") !=
               std::string::npos;
    });
    REQUIRE(restoring != processes.end());
    REQUIRE(::kill(std::stoi(*restoring), SIGKILL) == 0);
    const ProgramResult result = drill.run().wait();
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("the log of the throwaway server: LOG: ") != std::string::npos);
    CHECK(result.err.find("was terminated by signal 9") != std::string::npos);
    CHECK(result.err.find("Check memory and disk space.") != std::string::npos);
    CHECK(result.err.find("ee the server's log") == std::string::npos);
    CHECK(result.err.find("DETAIL") == std::string::npos); // which quotes the statement
    CHECK(result.err.find("4711") == std::string::npos);
    scene.check_nothing_left();
}

TEST_CASE("concurrent drills do not interfere") {
    const DrillScene scene{k_small};
    const auto dump = scene.dump();
    const ScratchRole role{"login superuser"};
    for (const bool throwaway : {true, false}) {
        std::vector<std::unique_ptr<Program>> runs;
        for (int i = 0; i < (throwaway ? 3 : 5); ++i) {
            runs.push_back(std::make_unique<Program>(
                scene.words(dump, throwaway ? Words{} : role.with()), scene.options()));
        }
        for (auto& run : runs) {
            const ProgramResult result = run->wait();
            INFO(result.err);
            CHECK(result.exit_code == 0);
        }
        scene.check_nothing_left();
        role.check_nothing_left();
    }
    const auto manifest = nlohmann::json::parse(read_file(dump.string() + ".json"));
    CHECK(manifest.at("verifications").size() == 8);
}

TEST_CASE("a running drill is not cleaned up by another one") {
    const DrillScene slow{k_slow_to_restore};
    SleepingDrill sleeping{slow};
    const auto directory = sleeping.directory();
    DrillScene quick{k_small};
    const auto dump = quick.dump();
    ProgramOptions options = quick.options();
    options.environment["TMPDIR"] = slow.place();
    for (int i = 0; i < 2; ++i) {
        CHECK(run_program(quick.words(dump), options).exit_code == 0);
        CHECK(sleeping.directory() == directory);
        CHECK(sleeping.run().running());
    }
}

TEST_CASE("the caller's variables do not redirect a drill") {
    DrillScene scene{"create table t (id integer, at timestamptz, x float8, b bytea);"
                     "insert into t values (1, '2026-01-01 00:00:00+00', 0.1, '\\x00ff')"};
    const auto dump = scene.dump();
    const TestDatabase other;
    const TempDir services;
    write_file(services / "pg_service.conf", "[other]\ndbname=nowhere\nhost=/nonexistent\n");
    const ScratchRole role{"login superuser"};
    ProgramOptions options = scene.options();
    for (const auto& [name, value] : std::map<std::string, std::string>{
             {"PGHOST", Cluster::shared().socket_directory()},
             {"PGHOSTADDR", "127.0.0.1"},
             {"PGPORT", "1"},
             {"PGDATABASE", other.name()},
             {"PGUSER", "nobody_at_all"},
             {"PGPASSWORD", "wrong"},
             {"PGSERVICE", "other"},
             {"PGSERVICEFILE", services / "pg_service.conf"},
             {"PGOPTIONS", "-c search_path=nowhere -c extra_float_digits=0 -c bytea_output=escape "
                           "-c default_transaction_read_only=on"},
             {"PGDATESTYLE", "German"},
             {"PGTZ", "Asia/Tokyo"},
             {"TZ", "Asia/Tokyo"},
             {"PGCLIENTENCODING", "LATIN1"},
             {"PGAPPNAME", "psql"},
             {"PGDATA", "/nonexistent"},
             {"PGSSLMODE", "require"},
             {"PGTARGETSESSIONATTRS", "standby"},
             {"DATABASE_URL", other.url()},
             {"LANGUAGE", "de"},
             {"LC_MESSAGES", "de_DE.UTF-8"}}) {
        options.environment[name] = value;
    }
    for (const Words& where : {Words{}, role.with()}) {
        const ProgramResult result = run_program(scene.words(dump, where), options);
        INFO(result.err << result.out);
        CHECK(result.exit_code == 0);
        CHECK(result.out.find("every row\n") != std::string::npos);
        scene.check_nothing_left();
        role.check_nothing_left();
    }
    CHECK(Cluster::shared().psql(other.name(), "select count(*) from pg_class where relnamespace = "
                                               "'public'::regnamespace") == "0");
}
