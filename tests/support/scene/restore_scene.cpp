#include "support/scene/restore_scene.hpp"

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"

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
    remember_names();
}

std::vector<std::string> RestoreScene::words(const std::filesystem::path& dump,
                                             std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--confirm", target_->name()});
    return words_of({"restore", dump.string()}, arguments);
}

ProgramResult RestoreScene::restore(const std::filesystem::path& dump,
                                    std::vector<std::string> arguments) const {
    arguments.emplace_back("--no-safety-dump");
    return run_program(words(dump, std::move(arguments)), options());
}

void RestoreScene::check_untouched() const {
    CHECK(first_difference(Cluster::shared().dump_of(target_->name()), remembered_) == "");
    CHECK(new_names() == std::vector<std::string>{});
    check_nothing_runs_in(*target_);
}

void RestoreScene::check_restored(const ProgramResult& result,
                                  const std::vector<std::string>& arguments) const {
    INFO("stderr: " << result.err << "stdout: " << result.out);
    CHECK(result.exit_code == 0);
    CHECK(first_difference(pg_dump_of(target_->name(), arguments),
                           pg_dump_of(source_.name(), arguments)) == "");
    check_nothing_runs_in(*target_);
}

void load_foreign_source(const TestDatabase& database) {
    Cluster::shared().load(database.name(), data_file("foreign/source.sql"));
}

ForeignScene::ForeignScene() {
    load_foreign_source(source());
    remember();
}

} // namespace dbbackup::test
