#include "support/scene/restore_scene.hpp"

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/leftovers.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace dbbackup::test {

std::filesystem::path RestoreScene::dump(std::vector<std::string> arguments) const {
    return take_dump(source_.url(), dumps(), std::move(arguments)).path;
}

std::filesystem::path RestoreScene::foreign_dump(const std::vector<std::string>& words) const {
    const ProgramResult result = Cluster::shared().client("pg_dump", source_.name(), words);
    if (result.exit_code != 0) {
        throw std::runtime_error("pg_dump: " + result.err);
    }
    static int count = 0;
    const std::string_view suffix = result.out.starts_with("PGDMP")      ? "dump"
                                    : result.out.starts_with("\x1f\x8b") ? "sql.gz"
                                                                         : "sql";
    const auto path = temp() / fmt::format("foreign_{}.{}", count++, suffix);
    write_file(path, result.out);
    return path;
}

void RestoreScene::renew_target() {
    target_ = std::make_unique<TestDatabase>();
    remember();
}

void RestoreScene::remember() {
    remembered_ = Cluster::shared().dump_of(target_->name());
    if (std::filesystem::exists(dumps())) {
        remembered_names_ = names_in(dumps());
    }
}

std::vector<std::string> RestoreScene::words(const std::filesystem::path& dump,
                                             std::vector<std::string> arguments) const {
    std::vector<std::string> words{dbbackup_path(),  "restore",   dump.string(),  "--dir",
                                   dumps().string(), "--confirm", target_->name()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

ProgramOptions RestoreScene::options() const {
    ProgramOptions options;
    options.environment = {{"DATABASE_URL", target_->url()},
                           {"DBBACKUP_TEST_MARK", temp().string()}};
    options.directory = temp();
    return options;
}

ProgramResult RestoreScene::restore(const std::filesystem::path& dump,
                                    std::vector<std::string> arguments) const {
    arguments.emplace_back("--no-safety-dump");
    return run_program(words(dump, std::move(arguments)), options());
}

std::vector<std::string> RestoreScene::new_names() const {
    if (!std::filesystem::exists(dumps())) {
        return {};
    }
    std::vector<std::string> names = names_in(dumps());
    std::erase_if(names, [this](const std::string& name) {
        return std::ranges::find(remembered_names_, name) != remembered_names_.end();
    });
    return names;
}

void RestoreScene::check_nothing_runs() const {
    check_nothing_left(temp().string(), target_->name());
}

void RestoreScene::check_untouched() const {
    CHECK(first_difference(Cluster::shared().dump_of(target_->name()), remembered_) == "");
    CHECK(new_names() == std::vector<std::string>{});
    check_nothing_runs();
}

void RestoreScene::check_failed(const ProgramResult& result, int exit_code,
                                const std::string& message) const {
    INFO("stderr: " << result.err << "stdout: " << result.out);
    CHECK(result.exit_code == exit_code);
    CHECK(result.signal_number == 0);
    CHECK(result.out.empty());
    CHECK(result.err.find("dbbackup: error: ") != std::string::npos);
    CHECK(result.err.find(message) != std::string::npos);
    check_untouched();
}

void RestoreScene::check_restored(const ProgramResult& result,
                                  const std::vector<std::string>& arguments) const {
    INFO("stderr: " << result.err << "stdout: " << result.out);
    CHECK(result.exit_code == 0);
    CHECK(first_difference(pg_dump_of(target_->name(), arguments),
                           pg_dump_of(source_.name(), arguments)) == "");
    check_nothing_runs();
}

void load_foreign_source(const TestDatabase& database) {
    Cluster::shared().load(database.name(), data_file("foreign/source.sql"));
}

ForeignScene::ForeignScene() {
    load_foreign_source(source());
    remember();
}

} // namespace dbbackup::test
