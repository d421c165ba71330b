#include "ops/status/status_survey.hpp"
#include "status_scene.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/store/remove_dump.hpp>

#include <functional>
#include <sys/stat.h>
#include <utility>

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;
using Kinds = std::vector<std::string>;

namespace {

/// Files of dumps of `app`, and what happens while status reads them.
struct StatusFiles : base::Clock {
    TempDir temp;
    std::function<void()> meanwhile; ///< between the first look at the files and the second

    [[nodiscard]] base::UtcTime now() const override {
        if (meanwhile) {
            meanwhile();
        }
        return k_now;
    }

    void add(const std::string& name, const std::string& database = "app") const {
        write_file(temp / name, std::string(10, 'x'));
        add_manifest(name, database);
    }

    void add_manifest(const std::string& name, const std::string& database = "app") const {
        StatusDump dump = StatusDump{1h}.sized(10).of(database);
        dump.manifest->dump.finished_at = dump.manifest->dump.started_at;
        write_file(temp / (name + ".json"), store::to_json(*dump.manifest));
    }

    void remove(const std::string& name) const { std::filesystem::remove(temp / name); }

    [[nodiscard]] Kinds status(const std::vector<std::string>& databases = {}) const {
        return kinds(
            ops::status({.directory = temp.path(), .databases = databases, .limits = {}}, *this));
    }

    /// How often a look waits for other runs, and what it finds.
    [[nodiscard]] std::pair<int, Kinds> look(const std::function<void()>& in_the_pause = {}) const {
        int pauses = 0;
        const auto pause = [&] {
            ++pauses;
            if (in_the_pause) {
                in_the_pause();
            }
        };
        const auto directory = store::DumpDirectory::open(temp.path());
        const auto survey = ops::survey_dumps(directory, *this, pause);
        return {pauses, kinds(ops::judge_status(
                            {.directory = temp.path(), .databases = {}, .limits = {}}, survey))};
    }
};

using Look = std::pair<int, Kinds>;

const std::string k_dump = "app_2026-11-20T11-30-00-000Z.sql";
const std::string k_removal = store::removed_name_of(k_dump);

} // namespace

TEST_CASE("status: the files in a directory are found") {
    StatusFiles files;
    CHECK(files.status() == Kinds{"no_dumps"});
    files.add("app.sql");
    CHECK(files.status().empty());
    write_file(files.temp / k_dump, "");
    CHECK(files.status() == Kinds{"unreadable"});
    write_file(files.temp / (k_dump + ".json"), "{");
    CHECK(files.status() == Kinds{"unreadable"});
    files.add(k_dump);
    CHECK(files.status().empty());
    write_file(files.temp / k_dump, "cut");
    CHECK(files.status() == Kinds{"damaged"});
    CHECK_THROWS_AS(
        ops::status({.directory = files.temp / "no", .databases = {}, .limits = {}}, files),
        base::Error);
}

TEST_CASE("status: an interrupted removal is found, and its manifest is not also lost") {
    StatusFiles files;
    files.add("app.sql");
    write_file(files.temp / k_removal, "");
    CHECK(files.status() == Kinds{"leftovers"});
    files.add_manifest(k_dump);
    CHECK(files.status() == Kinds{"leftovers"});
    files.remove(k_removal);
    CHECK(files.status() == Kinds{"lost"});
}

TEST_CASE("status: a manifest without a regular file beside it is lost") {
    StatusFiles files;
    files.add("app.sql");
    files.add("real.sql", "zoo");
    files.add_manifest(k_dump);
    const auto path = files.temp / k_dump;
    std::filesystem::create_symlink("gone.sql", path);
    CHECK(files.status() == Kinds{"lost"});
    std::filesystem::remove(path);
    std::filesystem::create_symlink("real.sql", path);
    CHECK(files.status() == Kinds{"lost"});
    std::filesystem::remove(path);
    std::filesystem::create_directory(path);
    CHECK(files.status() == Kinds{"lost"});
    std::filesystem::remove(path);
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK(files.status() == Kinds{"lost"});
    files.meanwhile = [&] { files.add(k_dump + ".other"); };
    CHECK(files.status() == Kinds{"lost"});
    files.meanwhile = [&] {
        files.remove(k_dump);
        files.add(k_dump);
    };
    CHECK(files.status().empty());
}

TEST_CASE("status: a removal that begins between two looks is not lost") {
    StatusFiles files;
    files.add("app.sql");
    files.add_manifest(k_dump);
    files.meanwhile = [&] { write_file(files.temp / k_removal, ""); };
    CHECK(files.status().empty());
}

TEST_CASE("status: a lost dump's database comes from its manifest, or else from its name") {
    StatusFiles files;
    files.add("app.sql");
    files.add("zoo.sql", "zoo");
    files.add_manifest("x.sql", "zoo");
    CHECK(files.status({"app"}).empty());
    CHECK(files.status({"zoo"}) == Kinds{"lost"});
    files.remove("x.sql.json");
    write_file(files.temp / (k_dump + ".json"), "{");
    CHECK(files.status({"app"}) == Kinds{"lost"});
    CHECK(files.status({"zoo"}).empty());
}

TEST_CASE("status: a state that another run is about to settle is not reported") {
    StatusFiles files;
    files.add("app.sql");
    write_file(files.temp / k_dump, std::string(10, 'x'));
    files.meanwhile = [&] { files.add_manifest(k_dump); };
    CHECK(files.status().empty());
    files.remove(k_dump + ".json");
    files.meanwhile = [&] { files.remove(k_dump); };
    CHECK(files.status().empty());
    write_file(files.temp / k_removal, "");
    files.meanwhile = [&] { files.remove(k_removal); };
    CHECK(files.status().empty());
    const std::string partial = "." + k_dump + ".partial";
    write_file(files.temp / partial, "");
    std::filesystem::last_write_time(files.temp / partial,
                                     std::chrono::file_clock::from_sys(k_now - 25h));
    files.meanwhile = {};
    CHECK(files.status().size() == 1);
    files.meanwhile = [&] { files.remove(partial); };
    CHECK(files.status().empty());
    files.add_manifest(k_dump);
    files.meanwhile = [&] { files.remove(k_dump + ".json"); };
    CHECK(files.status().empty());
}

TEST_CASE("status: a state that a running command may be about to settle gets a moment") {
    StatusFiles files;
    files.add("app.sql");
    const auto directory = store::DumpDirectory::open(files.temp.path());
    const auto lock = directory.lock("app");
    CHECK(files.look() == Look{0, {}});
    write_file(files.temp / ("." + k_dump + ".partial"), ""); // as during every dump
    std::filesystem::last_write_time(files.temp / ("." + k_dump + ".partial"),
                                     std::chrono::file_clock::from_sys(k_now));
    CHECK(files.look() == Look{0, {}});
    write_file(files.temp / k_dump, std::string(10, 'x'));
    CHECK(files.look() == Look{1, {"unreadable"}});
    CHECK(files.look([&] { files.add_manifest(k_dump); }) == Look{1, {}});
    CHECK(files.look() == Look{0, {}});
    files.remove(k_dump);
    CHECK(files.look([&] { files.remove(k_dump + ".json"); }) == Look{1, {}});
    write_file(files.temp / k_removal, "");
    CHECK(files.look([&] { files.remove(k_removal); }) == Look{1, {}});
}

TEST_CASE("status: if no run holds a database's lock, nothing is waited for") {
    StatusFiles files;
    files.add("app.sql");
    const auto directory = store::DumpDirectory::open(files.temp.path());
    const auto lock = directory.lock("zoo");
    write_file(files.temp / k_dump, "");
    CHECK(files.look() == Look{0, {"unreadable"}});
    write_file(files.temp / k_removal, "");
    CHECK(files.look() == Look{0, {"leftovers", "unreadable"}});
    files.remove(k_dump);
    files.remove(k_removal);
    files.add_manifest(k_dump);
    CHECK(files.look() == Look{0, {"lost"}});
}

TEST_CASE("status: the moment is a fifth of a second") {
    StatusFiles files;
    files.add("app.sql");
    write_file(files.temp / k_dump, "");
    const auto directory = store::DumpDirectory::open(files.temp.path());
    const auto lock = directory.lock("app");
    const auto start = std::chrono::steady_clock::now();
    CHECK(files.status() == Kinds{"unreadable"});
    CHECK(std::chrono::steady_clock::now() - start >= 200ms);
}
