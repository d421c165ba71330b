#pragma once

#include "support/program/program.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A database with a table `t` of three rows, and an empty dump directory: for `dbbackup guard`.
class GuardScene {
public:
    GuardScene() { database_.psql("create table t as select generate_series(1, 3) as i"); }

    [[nodiscard]] const TestDatabase& database() const noexcept { return database_; }

    [[nodiscard]] std::filesystem::path dumps() const { return temp_ / "dumps"; }

    /// A file that a command can leave as a marker.
    [[nodiscard]] std::filesystem::path sign() const { return temp_ / "sign"; }

    /// `dbbackup guard FLAGS -- COMMAND`.
    [[nodiscard]] std::vector<std::string> words(const std::vector<std::string>& flags,
                                                 const std::vector<std::string>& command) const;
    /// Its environment: DATABASE_URL, and a PATH with dbbackup and the clients.
    [[nodiscard]] ProgramOptions options(const std::string& input = {}) const;

    /// The same, without DATABASE_URL.
    [[nodiscard]] ProgramOptions options_without_url() const;

    /// The directory that it runs in.
    [[nodiscard]] const std::filesystem::path& home() const noexcept { return temp_.path(); }

    /// Runs it to the end, with a shell script as its command.
    [[nodiscard]] ProgramResult run(const std::string& script,
                                    const std::vector<std::string>& flags = {}) const;

    /// Existing dumps, each with its manifest.
    [[nodiscard]] std::vector<std::filesystem::path> taken() const;

private:
    TestDatabase database_;
    TempDir temp_;
};

/// The command after "to undo: " or "to undo: ", or nothing.
[[nodiscard]] std::string way_back(const std::string& err);

} // namespace dbbackup::test
