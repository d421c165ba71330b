#include "support/scene/guard_scene.hpp"

namespace dbbackup::test {

std::vector<std::string> GuardScene::words(const std::vector<std::string>& flags,
                                           const std::vector<std::string>& command) const {
    std::vector<std::string> words{dbbackup_path(), "guard", "--dir", "dumps"};
    words.insert(words.end(), flags.begin(), flags.end());
    words.emplace_back("--");
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

ProgramOptions GuardScene::options(const std::string& input) const {
    const std::string programs = std::filesystem::path{dbbackup_path()}.parent_path().string() +
                                 ":" + Cluster::shared().bin_dir().string();
    return {
        .environment = {{"DATABASE_URL", database_.url()}, {"PATH", programs + ":/usr/bin:/bin"}},
        .directory = temp_.path(),
        .input = input};
}

ProgramResult GuardScene::run(const std::string& script,
                              const std::vector<std::string>& flags) const {
    return run_program(words(flags, {"sh", "-c", script}), options());
}

ProgramOptions GuardScene::options_without_url() const {
    ProgramOptions without = options();
    without.environment.erase("DATABASE_URL");
    return without;
}

std::vector<std::filesystem::path> GuardScene::taken() const {
    std::vector<std::filesystem::path> dumps_there;
    if (std::filesystem::exists(dumps())) {
        for (const auto& entry : std::filesystem::directory_iterator{dumps()}) {
            if (std::filesystem::exists(entry.path().string() + ".json")) {
                dumps_there.push_back(entry.path());
            }
        }
    }
    return dumps_there;
}

std::string way_back(const std::string& err) {
    const std::string mark = "to undo: ";
    const std::size_t start = err.find(mark);
    return start == std::string::npos
               ? std::string{}
               : err.substr(start + mark.size(), err.find('\n', start) - start - mark.size());
}

} // namespace dbbackup::test
