// What the way back from a restore of a part brings back beside tables, and what it says it leaves.

#include "support/catch.hpp"
#include "support/dumps.hpp"
#include "support/restore_scene.hpp"

#include <filesystem>

using namespace dbbackup::test;

namespace {

constexpr int k_usage = 2;

using Words = std::vector<std::string>;

class PartScene : public RestoreScene {
public:
    /// What the program says after `mark`, up to the end of that line; empty if it does not.
    static std::string line_after(const ProgramResult& result, std::string_view mark) {
        const std::size_t begin = result.out.find(mark);
        if (begin == std::string::npos) {
            return "";
        }
        const std::size_t text = begin + mark.size();
        return result.out.substr(text, result.out.find('\n', text) - text);
    }

    [[nodiscard]] ProgramResult run(const std::filesystem::path& dump, Words arguments) const {
        ProgramResult result = run_program(words(dump, std::move(arguments)), options());
        INFO(result.err << result.out);
        REQUIRE(result.exit_code == 0);
        return result;
    }

    [[nodiscard]] std::string state() const { return Cluster::shared().dump_of(target().name()); }

    /// Restores and types what it says into a shell: all is as before. Returns that line.
    std::string check_way_back(const std::filesystem::path& dump, const Words& arguments) const {
        const std::string old_state = state();
        const ProgramResult result = run(dump, arguments);
        CHECK(state() != old_state);
        const std::string line = line_after(result, "to bring the old state back: ");
        INFO(line);
        CHECK((line.find("--exact") != std::string::npos) ==
              (result.err.find("the way back is wider") != std::string::npos));
        ProgramOptions all = options();
        all.environment["PATH"] =
            std::filesystem::path{dbbackup_path()}.parent_path().string() + ":/usr/bin:/bin";
        const auto undone = run_program({"/bin/sh", "-c", line + " --no-safety-dump"}, all);
        INFO(undone.err);
        CHECK(undone.exit_code == 0);
        CHECK(first_difference(state(), old_state) == "");
        return line;
    }
};

} // namespace

TEST_CASE("the way back from a restore of rows sets sequences as they were") {
    const PartScene scene;
    const std::string content =
        "create table x (i serial, j int generated always as identity); "
        "create sequence lone; create schema s; create sequence s.\"L.2\"; ";
    scene.source().psql(content + "insert into x default values; select setval('lone', 5)");
    scene.target().psql(content + "select setval('lone', 500), setval('s.\"L.2\"', 7)");
    const auto rows = scene.dump({"-a"});
    for (const Words& words : std::vector<Words>{{}, {"--clean"}, {"--clean", "-n", "public"}}) {
        INFO(words.size());
        CHECK(scene.check_way_back(rows, words).find("--exact") != std::string::npos);
    }
}

TEST_CASE("the way back of rows is that of their tables if no other sequence can be set") {
    const PartScene scene;
    const std::string content = "create table x (i serial); create schema s; create sequence s.q; ";
    scene.source().psql(content + "insert into x default values");
    scene.target().psql(content + "insert into x values (7); select setval('x_i_seq', 70)");
    const auto rows = scene.dump({"-a"});
    for (const Words& part : std::vector<Words>{{"-n", "public"}, {"-t", "x"}}) {
        const std::string line = scene.check_way_back(rows, {"--clean", part[0], part[1]});
        CHECK(line.find("-t public.x --drop-missing") != std::string::npos);
    }
}

TEST_CASE("the way back brings a sequence back that the restored table took over") {
    const PartScene scene;
    scene.source().psql("create table x (i serial); insert into x default values");
    scene.target().psql("create table x (i int); create sequence x_i_seq start 40");
    const auto dump = scene.dump();
    CHECK(scene.check_way_back(dump, {"--clean", "-t", "x"}).find("-t public.x_i_seq") !=
          std::string::npos);
}

TEST_CASE("the way back is wide if the part moves an extension") {
    const PartScene scene;
    scene.source().psql("create extension pg_trgm; create table x (i int)");
    scene.target().psql("create schema ext; create extension pg_trgm schema ext; "
                        "create table x (i int)");
    CHECK(scene.check_way_back(scene.dump(), {"--clean", "-n", "public"}).find("--exact") !=
          std::string::npos);
}

TEST_CASE("restore --drop-missing refuses names that nothing has") {
    PartScene scene;
    scene.source().psql("create schema s; create table s.t (i int)");
    const auto dump = scene.dump();
    scene.target().psql("create schema there; create view there.v as select 1 as i");
    scene.remember();
    const auto refused = [&](const Words& words, const std::string& name) {
        Words all{"--clean", "--drop-missing"};
        all.insert(all.end(), words.begin(), words.end());
        const auto result = scene.restore(dump, all);
        scene.check_failed(result, k_usage, "nor the target has " + name);
    };
    refused({"-n", "tenant5"}, "schema 'tenant5'");
    refused({"-t", "pubic.orders"}, "table 'pubic.orders'");
    refused({"-t", "there.v", "-t", "there.w"}, "table 'there.w'");
    refused({"-n", "s", "-n", "tenant5", "--dry-run"}, "schema 'tenant5'");
    CHECK(scene.restore(dump, {"--clean", "--drop-missing", "-t", "there.v"}).exit_code == 0);
    CHECK(scene.restore(dump, {"--clean", "--drop-missing", "-n", "there"}).exit_code == 0);
    CHECK(scene.target().psql("select count(*) from pg_namespace where nspname = 'there'") == "0");
}

TEST_CASE("the way back of names with dots and quotes means them alone") {
    const PartScene scene;
    scene.source().psql(R"(create schema a; create table a."b.c" (i int); )"
                        R"(create table a."""b.c""" (i int); create schema other; )"
                        R"(create table other."public.new" (i int); create table new (i int))");
    scene.target().psql(R"(create schema a; create table a."""b.c""" (old int); )"
                        R"(create schema other; create table other."public.new" (old int))");
    const auto dump = scene.dump();
    scene.check_way_back(
        dump, {"--clean", "-t", R"(a."b.c")", "-t", "public.new", "-t", R"(other."public.new")"});
    scene.check_way_back(dump, {"--clean", "-t", R"(a."""b.c""")"});
    // Nothing goes for this one, so it has no way back of its own.
    CHECK(scene.run(dump, {"-t", "public.new"}).exit_code == 0);
    CHECK(scene.target().psql("select count(*) from pg_class where relname = 'new'") == "1");
    const auto old_state = scene.state();
    const auto gone = scene.restore(dump, {"--clean", "-t", "public.other"});
    CHECK(gone.exit_code == k_usage);
    CHECK(scene.state() == old_state);
}
