#include "support/scene/scene.hpp"

#include "support/catch.hpp"
#include "support/dumps/leftovers.hpp"

#include <algorithm>

namespace dbbackup::test {

Scene::Scene(std::filesystem::path dumps)
    : dumps_(dumps.empty() ? temp_ / "dumps" : std::move(dumps)) {
}

void Scene::remember_names() {
    remembered_names_.clear();
    remembered_names_ = new_names();
}

std::vector<std::string> Scene::new_names() const {
    if (!std::filesystem::exists(dumps_)) {
        return {};
    }
    std::vector<std::string> names = names_in(dumps_);
    std::erase_if(names, [this](const std::string& name) {
        return std::ranges::find(remembered_names_, name) != remembered_names_.end();
    });
    return names;
}

void Scene::check_failed(const ProgramResult& result, int exit_code,
                         const std::string& message) const {
    INFO("stderr: " << result.err << "stdout: " << result.out);
    CHECK(result.exit_code == exit_code);
    CHECK(result.signal_number == 0);
    CHECK(result.out.empty());
    CHECK(result.err.find("dbbackup: error: ") != std::string::npos);
    CHECK(result.err.find(message) != std::string::npos);
    check_untouched();
}

std::vector<std::string> Scene::words_of(std::vector<std::string> words,
                                         const std::vector<std::string>& arguments) const {
    words.insert(words.begin(), dbbackup_path());
    words.insert(words.end(), {"--dir", dumps_.string()});
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

ProgramOptions Scene::options_for(const TestDatabase& database) const {
    ProgramOptions options;
    options.environment = {{"DATABASE_URL", database.url()},
                           {"DBBACKUP_TEST_MARK", temp().string()}};
    options.directory = temp();
    return options;
}

void Scene::check_nothing_runs_in(const TestDatabase& database) const {
    check_nothing_left(temp().string(), database.name());
}

} // namespace dbbackup::test
