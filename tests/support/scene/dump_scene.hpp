#pragma once

#include "support/scene/scene.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A database and a dump directory with a good earlier dump of it: a place where `dbbackup dump`
/// fails, and which it must then leave unchanged.
class DumpScene : public Scene {
public:
    /// With an earlier dump of the database while it is still empty. The dump directory is `dumps`,
    /// or one in the home.
    explicit DumpScene(std::filesystem::path dumps = {});

    [[nodiscard]] const TestDatabase& database() const noexcept { return database_; }

    /// About `kilobytes` of rows that hardly compress, in table `filler`.
    void fill(int kilobytes) const;

    /// `dbbackup dump ARGUMENTS`, to be started.
    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> arguments = {}) const;
    [[nodiscard]] ProgramOptions options() const { return options_for(database_); }
    /// Runs it to the end.
    [[nodiscard]] ProgramResult dump(std::vector<std::string> arguments = {}) const;

    void remove_new() const;
    /// Checks that the earlier dump and its manifest are as they were.
    void check_earlier_untouched() const;
    void check_nothing_runs() const { check_nothing_runs_in(database_); }
    /// Both, and that the directory contains nothing new.
    void check_untouched() const override;
    /// Checks that `result` is a success with exactly one new dump, complete, and its manifest.
    void check_dumped(const ProgramResult& result) const;

private:
    TestDatabase database_;
    std::map<std::string, std::string> earlier_;
};

/// Checks that the dump `path` is complete: its decompressor and the tool that restores it read it
/// to the end, and it matches its manifest if it has one.
void check_whole(const std::filesystem::path& path);

} // namespace dbbackup::test
