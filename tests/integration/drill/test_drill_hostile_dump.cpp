// What code in a dump tries while a drill restores it.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/program/terminal.hpp"
#include "support/scene/drill_scene.hpp"

#include <fmt/format.h>
#include <unistd.h>

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

/// Types a letter into the terminal (TIOCSTI of tty_ioctl(4)), writes to the caller's descriptor 9,
/// and leaves a process behind. Reports in $1 what worked.
constexpr const char* k_attack = R"(
cd "$1" || exit
perl -e '$key = "x"; open($tty, "+<", "/dev/tty") && ioctl($tty, 0x5412, $key) || exit 1' &&
    echo terminal > did_terminal
case $(readlink /proc/$$/fd/9) in
    */precious) echo owned >&9 ;;
esac
echo ran > did_run
cd /
setsid sleep 100 < /dev/null > /dev/null 2>&1 &
)";

class HostileDump {
public:
    HostileDump() {
        std::filesystem::create_directory(reports());
        std::filesystem::permissions(reports(), std::filesystem::perms::all);
        write_file(scene_.temp() / "attack.sh", k_attack);
        std::filesystem::permissions(scene_.temp() / "attack.sh",
                                     static_cast<std::filesystem::perms>(0755));
        write_file(precious(), "precious\n");
        std::filesystem::permissions(precious(), static_cast<std::filesystem::perms>(0600));
        scene_.database().psql(fmt::format(
            "create function evil(integer) returns boolean language plpgsql as 'begin if "
            "current_setting(''application_name'') = ''dbbackup'' then copy (select 1) to program "
            "''sh {} {}''; end if; return true; end'; "
            "create table t (id integer check (evil(id))); insert into t values (1)",
            (scene_.temp() / "attack.sh").string(), reports().string()));
    }

    [[nodiscard]] const DrillScene& scene() const { return scene_; }

    [[nodiscard]] std::filesystem::path reports() const { return scene_.temp() / "reports"; }

    [[nodiscard]] std::filesystem::path precious() const { return scene_.temp() / "precious"; }

    /// On a terminal, with a file of the caller's open as 9. Returns the terminal's output.
    std::string run_on_terminal(const Words& words) const {
        Words shell{"/bin/sh", "-c", "exec 9>> \"$0\"; \"$@\"", precious().string()};
        shell.insert(shell.end(), words.begin(), words.end());
        TerminalProgram program{shell, scene_.options()};
        (void)program.wait();
        return program.output();
    }

    Words done() const {
        Words names = names_in(reports());
        for (const std::string& name : names) {
            std::filesystem::remove(reports() / name);
        }
        return names;
    }

private:
    DrillScene scene_;
};

} // namespace

TEST_CASE("code in a dump cannot access the drill's terminal or files") {
    const HostileDump hostile;
    const auto dump = hostile.scene().dump();
    INFO("the control: run by the caller itself, the attack works");
    (void)hostile.run_on_terminal(
        {"/bin/sh", hostile.scene().temp() / "attack.sh", hostile.reports()});
    CHECK(hostile.done() == Words{"did_run", "did_terminal"});
    CHECK(read_file(hostile.precious()) == "precious\nowned\n");

    const std::string shown = hostile.run_on_terminal(hostile.scene().words(dump));
    INFO(shown);
    CHECK(shown.find("proven") != std::string::npos);
    CHECK(hostile.done() == Words{"did_run"});
    CHECK(read_file(hostile.precious()) == "precious\nowned\n");
}

TEST_CASE("processes started by code in a dump end with root's drill") {
    if (::geteuid() != 0) {
        WARN("left out, as only root can tell such processes from its own");
        return;
    }
    const HostileDump hostile;
    const std::string sleeper = "sleep 100 " + std::to_string(::getpid());
    const std::string script = hostile.scene().temp() / "attack.sh";
    std::string attack = read_file(script);
    attack.replace(attack.find("sleep 100"), 9, sleeper);
    write_file(script, attack);
    const ProgramResult result =
        run_program(hostile.scene().words(hostile.scene().dump()), hostile.scene().options());
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(hostile.done() == Words{"did_run"});
    CHECK(command_lines_with("sleep" + std::string(1, '\0') + "100" + std::string(1, '\0') +
                             std::to_string(::getpid())) == Words{});
}

TEST_CASE("code in a dump cannot redirect a drill to another server") {
    if (::geteuid() != 0) {
        WARN("left out, as the server's user is the caller otherwise");
        return;
    }
    const HostileDump hostile;
    const auto dump = hostile.scene().dump();
    write_file(hostile.scene().temp() / "attack.sh",
               "cd \"$PWD/..\" && ln -sf " + Cluster::shared().socket_directory() +
                   "/.s.PGSQL.5432 .s.PGSQL.5432 && echo ran > \"$1/did_run\"\n");
    const Drilled drilled = hostile.scene().drill(dump);
    CHECK(hostile.done() == Words{"did_run"});
    hostile.scene().check_failed(drilled, 1, "requirepeer");
}

TEST_CASE("a drill removes nothing in another user's directory") {
    if (::geteuid() != 0) {
        WARN("left out, as only root can make such a place");
        return;
    }
    const DrillScene scene{"create table t (i int)"};
    const auto dump = scene.dump();
    const auto ours = scene.place() / "dbbackup-scratch-abcdef";
    std::filesystem::create_directory(ours);
    std::filesystem::permissions(ours, std::filesystem::perms::owner_all);
    write_file(ours / "precious", "x");
    REQUIRE(::chown(scene.place().c_str(), 12345, 12345) == 0);
    const ProgramResult result = run_program(scene.words(dump), scene.options());
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("not a safe place") != std::string::npos);
    CHECK(read_file(ours / "precious") == "x");
}
