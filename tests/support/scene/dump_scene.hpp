#pragma once

#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A database and a dump directory with a good earlier dump of it: the place where a run of
/// `dbbackup dump` goes wrong, and which it must then leave as it was.
class DumpScene {
public:
    /// With an earlier dump of the database while it is still empty.
    DumpScene();
    /// The same, the dump directory being `dumps`.
    explicit DumpScene(std::filesystem::path dumps);

    [[nodiscard]] const TestDatabase& database() const noexcept { return database_; }

    [[nodiscard]] const std::filesystem::path& temp() const noexcept { return temp_.path(); }

    [[nodiscard]] const std::filesystem::path& dumps() const noexcept { return dumps_; }

    /// About `kilobytes` of rows that hardly compress, in table `filler`.
    void fill(int kilobytes) const;

    /// `dbbackup dump ARGUMENTS`, to be started.
    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> arguments = {}) const;
    /// Its environment: DATABASE_URL, and a mark by which all its children are known.
    [[nodiscard]] ProgramOptions options() const;
    /// Runs it to the end.
    [[nodiscard]] ProgramResult dump(std::vector<std::string> arguments = {}) const;

    /// Names in the dump directory that were not there at first, hidden ones included.
    [[nodiscard]] std::vector<std::string> new_names() const;
    void remove_new() const;
    /// Checks that the earlier dump and its manifest are as they were.
    void check_earlier_untouched() const;
    /// Checks that no process and no session of a run is left, or soon none is.
    void check_nothing_runs() const;
    /// Both, and that the directory holds nothing new.
    void check_clean() const;
    /// All of that, and that `result` says what happened.
    void check_failed(const ProgramResult& result, int exit_code, const std::string& message) const;
    /// Checks that `result` is a success with exactly one new dump, whole, and its manifest.
    void check_dumped(const ProgramResult& result) const;

private:
    TempDir temp_;
    TestDatabase database_;
    std::filesystem::path dumps_;
    std::map<std::string, std::string> earlier_;
};

/// Checks that the dump `path` is complete: its decompressor and the tool that restores it read it
/// to the end, and it equals its manifest where it has one.
void check_whole(const std::filesystem::path& path);

} // namespace dbbackup::test
