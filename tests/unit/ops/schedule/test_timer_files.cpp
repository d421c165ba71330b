// The files of root's that a schedule writes and reads, in other places.

#include "ops/schedule/drop_in.hpp"
#include "ops/schedule/timer_units.hpp"
#include "support/catch.hpp"
#include "support/dumps/other_users.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/schedule.hpp>

#include <sys/stat.h>

using namespace dbbackup;
using namespace dbbackup::ops;
using namespace dbbackup::test;
namespace fs = std::filesystem;

namespace {

const TimerId k_shop{.job = TimerJob::dump, .instance = "shop"};
const TimerTime k_time{Every::day, 3, 15};

struct Places {
    TempDir home;
    SystemPlaces places{
        .units = home / "units", .settings = home / "settings", .booted = home / "booted"};
    fs::path directory = places.units / "dbbackup@shop.timer.d";
    fs::path file = directory / k_drop_in;
    fs::path env = places.settings / "shop.env";

    Places() {
        fs::create_directory(places.units);
        fs::create_directory(places.settings);
        ::chmod(places.settings.c_str(), 0755);
        write_file(env, "DATABASE_URL=postgres://a:geheim@h/shop\n");
        ::chmod(env.c_str(), 0600);
    }

    [[nodiscard]] base::Error refusal() const {
        try {
            (void)read_instance_settings("shop", places);
        } catch (const base::Error& error) {
            return error;
        }
        return {base::ErrorKind::failed, "not refused"};
    }
};

mode_t mode_of(const fs::path& path) {
    struct stat status {};

    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

} // namespace

TEST_CASE("a drop-in is written as a whole, replaced, put back and removed") {
    const Places places;
    const mode_t umask_before = ::umask(077);
    const DropIn first{k_shop, places.places};
    CHECK_FALSE(first.was_there());
    first.write(k_time);
    ::umask(umask_before);
    CHECK(mode_of(places.directory) == 0755);
    CHECK(mode_of(places.file) == 0644);
    const std::string text = read_file(places.file);
    CHECK(text.starts_with("# Written by: dbbackup schedule on shop\n"));
    CHECK(text.ends_with("[Timer]\nOnCalendar=\nOnCalendar=*-*-* 03:15:00\n"));

    const DropIn second{k_shop, places.places};
    CHECK(second.was_there());
    second.write({Every::week, 4, 0});
    CHECK(read_file(places.file).ends_with("OnCalendar=Sun *-*-* 04:00:00\n"));
    second.restore();
    CHECK(read_file(places.file) == text);
    first.restore();
    CHECK(fs::is_empty(places.places.units));
    first.remove(); // once more: nothing
}

TEST_CASE("a drop-in of the user's own stays, and so does its directory") {
    const Places places;
    fs::create_directory(places.directory);
    write_file(places.directory / "override.conf", "[Timer]\n");
    const DropIn drop_in{k_shop, places.places};
    drop_in.write(k_time);
    drop_in.remove();
    CHECK_FALSE(fs::exists(places.file));
    CHECK(fs::exists(places.directory / "override.conf"));
}

TEST_CASE("the partial file of a killed run is no obstacle") {
    const Places places;
    fs::create_directory(places.directory);
    write_file(places.directory / ("." + std::string{k_drop_in} + ".partial"), "half");
    const DropIn drop_in{k_shop, places.places};
    drop_in.write(k_time);
    drop_in.remove();
    CHECK(fs::is_empty(places.places.units));
}

TEST_CASE("whatever stands in the way of a drop-in is told, and stays") {
    for (const char* what : {"a link to a directory", "a file for the directory", "a link",
                             "a directory", "a file of somebody's"}) {
        INFO(what);
        const std::string name = what;
        const Places places;
        const fs::path victim = places.home / "victim";
        write_file(victim, "precious");
        fs::create_directory(places.home / "elsewhere");
        if (name == "a link to a directory") {
            fs::create_directory_symlink(places.home / "elsewhere", places.directory);
        } else if (name == "a file for the directory") {
            write_file(places.directory, "");
        } else {
            fs::create_directory(places.directory);
        }
        if (name == "a link") {
            fs::create_symlink(victim, places.file);
        } else if (name == "a directory") {
            fs::create_directory(places.file);
        } else if (name == "a file of somebody's") {
            write_file(places.file, "[Timer]\n");
        }
        try {
            const DropIn drop_in{k_shop, places.places};
            FAIL("not refused");
        } catch (const base::Error& error) {
            CHECK(error.kind() == base::ErrorKind::refused);
            CHECK(std::string{error.what()}.find("is in the way") != std::string::npos);
        }
        CHECK(read_file(victim) == "precious");
        CHECK(fs::is_empty(places.home / "elsewhere"));
    }
}

TEST_CASE("timers that should run: those with our drop-in, and those that are enabled") {
    const Places places;
    const fs::path wants = places.places.units / "timers.target.wants";
    CHECK(find_intended_timers(places.places).empty());
    DropIn{k_shop, places.places}.write(k_time);
    fs::create_directory(wants);
    for (const char* name :
         {"dbbackup@shop.timer", "dbbackup@blog.timer", "dbbackup-drill@blog.timer",
          "dbbackup@.timer", "other@shop.timer", "dbbackup@shop.service"}) {
        fs::create_symlink("/nowhere", wants / name);
    }
    fs::create_directory(places.places.units / "dbbackup@empty.timer.d");
    const auto timers = find_intended_timers(places.places);
    REQUIRE(timers.size() == 3);
    CHECK(timers[0].id == TimerId{.job = TimerJob::dump, .instance = "blog"});
    CHECK_FALSE(timers[0].is_scheduled);
    CHECK(timers[1].id == TimerId{.job = TimerJob::drill, .instance = "blog"});
    CHECK(timers[2].id == k_shop);
    CHECK(timers[2].is_scheduled);
    CHECK(timers[1].id.timer_unit() == "dbbackup-drill@blog.timer");
    CHECK(timers[1].id.service_unit() == "dbbackup-drill@blog.service");
}

TEST_CASE("settings of an instance that others can read or change are refused") {
    const Places places;
    CHECK(read_instance_settings("shop", places.places).starts_with("DATABASE_URL="));
    for (const mode_t mode : {0604U, 0602U, 0644U, 0646U}) {
        INFO(mode);
        ::chmod(places.env.c_str(), mode);
        CHECK(places.refusal().kind() == base::ErrorKind::refused);
        CHECK(places.refusal().hint().find("sudo chmod 0600 ") != std::string::npos);
    }
    ::chmod(places.env.c_str(), 0600);
    ::chmod(places.places.settings.c_str(), 0777);
    CHECK(places.refusal().kind() == base::ErrorKind::refused);
    CHECK(std::string{places.refusal().what()}.find("settings' is not safe") != std::string::npos);
}

TEST_CASE("settings of an instance that are another user's or a link are refused") {
    const Places places;
    fs::rename(places.env, places.home / "real");
    fs::create_symlink(places.home / "real", places.env);
    CHECK(places.refusal().kind() == base::ErrorKind::refused);
    CHECK(std::string{places.refusal().what()}.find("not a regular file") != std::string::npos);
    fs::remove(places.env);
    fs::rename(places.home / "real", places.env);
    if (can_be_others()) {
        give(places.env, k_mallory);
        CHECK(std::string{places.refusal().what()}.find("belongs to user 'nobody'") !=
              std::string::npos);
        CHECK(places.refusal().kind() == base::ErrorKind::refused);
    }
}

TEST_CASE("without settings, the error says how to make them") {
    const Places places;
    fs::remove(places.env);
    CHECK(places.refusal().kind() == base::ErrorKind::usage);
    CHECK(places.refusal().hint().starts_with("Make it: sudo install -m 0600 /dev/null "));
    fs::remove(places.places.settings);
    CHECK(places.refusal().kind() == base::ErrorKind::usage);
    CHECK(places.refusal().hint().starts_with("Make it: sudo install -d -m 0700 "));
}
