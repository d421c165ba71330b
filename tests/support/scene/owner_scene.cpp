#include "support/scene/owner_scene.hpp"

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"

#include <fmt/format.h>

namespace dbbackup::test {

namespace {

constexpr int k_refused = 5;

using Words = std::vector<std::string>;

/// What initdb of 12 to 14 makes.
constexpr const char* k_as_before_15 =
    "alter schema public owner to postgres; grant all on schema public to public;";

} // namespace

OwnerScene::OwnerScene(bool as_before_15) {
    target().psql(fmt::format("alter database \"{}\" owner to {}; create extension hstore "
                              "schema public; comment on extension hstore is 'theirs'",
                              target().name(), owner_.name()));
    if (as_before_15) {
        target().psql(k_as_before_15);
    }
}

std::string OwnerScene::url(const TestDatabase& database) const {
    return Cluster::shared().url(database.name(), owner_.name(), "x");
}

void OwnerScene::psql(const std::string& sql) const {
    target().psql("set session authorization " + owner_.name() + "; " + sql);
}

std::filesystem::path OwnerScene::dump(const Words& arguments) const {
    return take_dump(url(target()), dumps(), arguments).path;
}

ProgramOptions OwnerScene::options() const {
    ProgramOptions options = scene_.options();
    options.environment["DATABASE_URL"] = url(target());
    options.environment["PATH"] =
        std::filesystem::path{dbbackup_path()}.parent_path().string() + ":/usr/bin:/bin";
    return options;
}

ProgramResult OwnerScene::restore(const std::filesystem::path& dump, Words arguments) const {
    arguments.insert(arguments.begin(), {dbbackup_path(), "restore", dump.string(), "--dir",
                                         dumps().string(), "--confirm", target().name()});
    return run_program(arguments, options());
}

ProgramResult OwnerScene::guard(const std::string& script) const {
    return run_program(
        {dbbackup_path(), "guard", "--dir", dumps().string(), "--", "sh", "-c", script}, options());
}

ProgramResult OwnerScene::type(const std::string& line) const {
    return run_program({"/bin/sh", "-c", line}, options());
}

void OwnerScene::check_refused(const std::filesystem::path& dump, const std::string& reason) const {
    INFO(reason);
    const std::string before = state();
    for (const Words& way : {Words{"--clean"}, Words{"--clean", "--dry-run"},
                             Words{"--clean", "--exact", "--no-safety-dump"}}) {
        const ProgramResult result = restore(dump, way);
        INFO(result.err);
        CHECK(result.exit_code == k_refused);
        CHECK(result.err.find(reason) != std::string::npos);
        CHECK(result.err.find("safety dump") == std::string::npos);
        CHECK(first_difference(state(), before) == "");
    }
    target().psql(remedy_in(restore(dump, {"--clean", "--dry-run"}).err));
    const ProgramResult result = restore(dump, {"--clean"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
}

std::string OwnerScene::remedy_in(const std::string& err) {
    const std::string mark = "in that database: ";
    const std::size_t begin = err.find(mark);
    REQUIRE(begin != std::string::npos);
    const std::size_t end = err.find("; Or ", begin);
    REQUIRE(end != std::string::npos);
    return err.substr(begin + mark.size(), end - begin - mark.size());
}

} // namespace dbbackup::test
