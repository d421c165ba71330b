#pragma once

#include "support/catch.hpp"
#include "support/program/program.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace dbbackup::test {

/// A machine of its own as far as `schedule` sees one: in a mount namespace, changes of /etc go to
/// `etc()`, and systemctl is a script that keeps its state in files.
class ScheduleScene {
public:
    ScheduleScene() {
        namespace fs = std::filesystem;
        for (const char* name : {"etc", "work", "bin", "state", "dumps"}) {
            fs::create_directory(home_ / name);
        }
        write_file(home_ / "bin/systemctl", script());
        fs::permissions(home_ / "bin/systemctl", fs::perms::owner_all);
    }

    /// False, with a message, if this user may not make namespaces.
    [[nodiscard]] bool there() const {
        if (::geteuid() == 0 && run_in({"true"}).exit_code == 0) {
            return true;
        }
        WARN("left out, as only root may mount an /etc of its own");
        return false;
    }

    /// Settings of an instance, as they should be.
    void add_settings(const std::string& instance) const {
        namespace fs = std::filesystem;
        fs::create_directories(etc() / "dbbackup");
        fs::permissions(etc() / "dbbackup", fs::perms::owner_all);
        const fs::path file = etc() / "dbbackup" / (instance + ".env");
        write_file(file, "DATABASE_URL=postgres://app:geheim@db/shop\n");
        fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    }

    [[nodiscard]] ProgramResult run(std::vector<std::string> words) const {
        words.insert(words.begin(), dbbackup_path());
        return run_in(std::move(words));
    }

    /// Runs `words` on that machine.
    [[nodiscard]] ProgramResult run_in(std::vector<std::string> words) const {
        const std::string setup = fmt::format(
            "set -e\n"
            "mount -t overlay overlay -o lowerdir=/etc,upperdir={0}/etc,workdir={0}/work /etc\n"
            "mount -t tmpfs none /run\n"
            "test -e {0}/state/not_booted || mkdir -p /run/systemd/system\n"
            "PATH={0}/bin:$PATH\n"
            "exec \"$@\"\n",
            home_.path().native());
        std::vector<std::string> all{"/usr/bin/unshare", "--mount", "/bin/sh", "-c", setup, "sh"};
        all.insert(all.end(), words.begin(), words.end());
        return run_program(all, {.directory = home_.path()});
    }

    /// Makes the script behave otherwise: "fail_enable", "hang", "not_booted", or a file that it
    /// shows: "load", "service".
    void set(const std::string& name, const std::string& content = {}) const {
        write_file(home_ / "state" / name, content);
    }

    [[nodiscard]] std::filesystem::path etc() const { return home_ / "etc"; }

    [[nodiscard]] std::filesystem::path units() const { return etc() / "systemd/system"; }

    [[nodiscard]] std::filesystem::path drop_in(const std::string& timer) const {
        return units() / (timer + ".d") / "50-dbbackup-schedule.conf";
    }

    [[nodiscard]] bool is_enabled(const std::string& timer) const {
        return std::filesystem::is_symlink(units() / "timers.target.wants" / timer);
    }

    [[nodiscard]] std::filesystem::path dumps() const { return home_ / "dumps"; }

    [[nodiscard]] std::filesystem::path file(const std::string& name) const { return home_ / name; }

    /// The calls of systemctl since the last look.
    [[nodiscard]] std::string calls() const {
        const auto log = home_ / "state/log";
        const std::string text = std::filesystem::exists(log) ? read_file(log) : "";
        std::filesystem::remove(log);
        return text;
    }

    /// What is left of any schedule in /etc.
    [[nodiscard]] std::vector<std::string> left() const {
        std::vector<std::string> names;
        if (std::filesystem::exists(units())) {
            for (const auto& entry : std::filesystem::recursive_directory_iterator{units()}) {
                const std::string name = entry.path().filename();
                // A whiteout of the overlay is no file.
                if (!entry.is_character_file() && name.find("dbbackup") != std::string::npos) {
                    names.push_back(entry.path());
                }
            }
        }
        return names;
    }

private:
    [[nodiscard]] std::string script() const {
        return fmt::format(R"(#!/bin/sh
state={0}/state
units=/etc/systemd/system
echo "$*" >> $state/log
if test -e $state/hang; then exec sleep 100; fi
action=$1
while test $# -gt 0 && test "$1" != --; do shift; done
if test $# -gt 0; then shift; fi
case $action in
enable)
    if test -e $state/fail_enable; then echo "no such thing" >&2; exit 1; fi
    mkdir -p $units/timers.target.wants
    for unit; do
        ln -sf /lib/systemd/system/dbbackup@.timer $units/timers.target.wants/$unit
        if ! test -e $state/stays_off; then touch $state/$unit.active; fi
    done ;;
disable | stop)
    for unit; do
        rm -f $state/$unit.active
        if test $action = disable; then rm -f $units/timers.target.wants/$unit; fi
    done ;;
show)
    for unit; do
        echo "Id=$unit"
        if test -e $state/load; then cat $state/load; else echo LoadState=loaded; fi
        case $unit in
        *.timer)
            if test -e $state/$unit.active; then echo ActiveState=active; else echo ActiveState=inactive; fi
            if test -L $units/timers.target.wants/$unit; then echo UnitFileState=enabled; fi
            calendar=$(sed -n 's/^OnCalendar=\(.\)/\1/p' $units/$unit.d/*.conf 2> /dev/null)
            echo "TimersCalendar={{ OnCalendar=${{calendar:-*-*-* 03:15:00}} ; next_elapse=n/a }}"
            echo "NextElapseUSecRealtime=Mon 2096-11-23 04:18:38 UTC" ;;
        *)
            echo "Environment=DBBACKUP_DIR={0}/dumps"
            if test -e $state/service; then cat $state/service; else echo ActiveState=inactive; fi ;;
        esac
        echo
    done ;;
esac
)",
                           home_.path().native());
    }

    TempDir home_;
};

} // namespace dbbackup::test
