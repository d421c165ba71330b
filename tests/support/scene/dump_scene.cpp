#include "support/scene/dump_scene.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dbbackup::test {

namespace {

constexpr const char* k_completion = "\n-- PostgreSQL database dump complete\n";

/// The SQL of a dump, by common tools.
ProgramResult read_back(const std::filesystem::path& path) {
    const std::string name = path.string();
    if (name.ends_with(".gz")) {
        return run_program({"/bin/gzip", "-dc", name});
    }
    if (name.ends_with(".zst")) {
        return run_program({"/usr/bin/zstd", "-dcq", name});
    }
    if (name.ends_with(".dump")) {
        return run_program({Cluster::shared().bin_dir() / "pg_restore", "-f", "-", name});
    }
    return run_program({"/bin/cat", name});
}

} // namespace

void check_whole(const std::filesystem::path& path) {
    INFO("the dump " << path);
    const ProgramResult sql = read_back(path);
    CHECK(sql.exit_code == 0);
    CHECK(sql.err.empty());
    CHECK(sql.out.rfind(k_completion) != std::string::npos);
    CHECK(sql.out.size() - std::min(sql.out.size(), sql.out.rfind(k_completion)) < 300);
    const std::filesystem::path record = path.string() + ".json";
    if (std::filesystem::exists(record)) {
        const auto manifest = nlohmann::json::parse(read_file(record));
        const std::string sum = run_program({"/usr/bin/sha256sum", path.string()}).out;
        CHECK(manifest["file"]["sha256"] == sum.substr(0, 64));
        CHECK(manifest["file"]["size"] == std::filesystem::file_size(path));
        CHECK(manifest["file"]["uncompressed_size"] == sql.out.size());
    }
}

DumpScene::DumpScene(std::filesystem::path dumps) : Scene(std::move(dumps)) {
    const ProgramResult first = dump();
    INFO(first.err);
    REQUIRE(first.exit_code == 0);
    remember_names();
    for (const std::string& name : names_in(this->dumps())) {
        earlier_[name] = read_file(this->dumps() / name);
    }
    REQUIRE(earlier_.size() == 2);
}

void DumpScene::fill(int kilobytes) const {
    database_.psql(fmt::format("create table filler as select g as id, "
                               "md5(g::text) || md5((-g)::text) || md5('x' || g) as noise "
                               "from generate_series(1, {}) g",
                               kilobytes * 10));
}

std::vector<std::string> DumpScene::words(std::vector<std::string> arguments) const {
    return words_of({"dump"}, arguments);
}

ProgramResult DumpScene::dump(std::vector<std::string> arguments) const {
    return run_program(words(std::move(arguments)), options());
}

void DumpScene::remove_new() const {
    for (const std::string& name : new_names()) {
        std::filesystem::remove(dumps() / name);
    }
}

void DumpScene::check_earlier_untouched() const {
    for (const auto& [name, content] : earlier_) {
        INFO("the earlier " << name);
        CHECK(std::filesystem::exists(dumps() / name));
        CHECK(read_file(dumps() / name) == content);
    }
}

void DumpScene::check_untouched() const {
    CHECK(new_names() == std::vector<std::string>{});
    check_earlier_untouched();
    check_nothing_runs();
}

void DumpScene::check_dumped(const ProgramResult& result) const {
    INFO("stderr: " << result.err);
    CHECK(result.exit_code == 0);
    const std::vector<std::string> names = new_names();
    CAPTURE(names);
    REQUIRE(names.size() == 2);
    CHECK(names[1] == names[0] + ".json");
    check_whole(dumps() / names[0]);
    check_earlier_untouched();
    check_nothing_runs();
}

} // namespace dbbackup::test
