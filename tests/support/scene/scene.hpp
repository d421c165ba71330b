#pragma once

#include "support/program/program.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A place where dbbackup runs: a home, and a dump directory whose content is remembered. Derived
/// classes define what a failed run must leave unchanged.
class Scene {
public:
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;
    virtual ~Scene() = default;

    [[nodiscard]] const std::filesystem::path& temp() const noexcept { return temp_.path(); }

    [[nodiscard]] const std::filesystem::path& dumps() const noexcept { return dumps_; }

    /// Names in the dump directory that are new since it was remembered, hidden ones included.
    [[nodiscard]] std::vector<std::string> new_names() const;

    /// Checks that everything is as before the run, and that nothing of the run is left.
    virtual void check_untouched() const = 0;
    /// The same, and that `result` says what happened.
    void check_failed(const ProgramResult& result, int exit_code,
                      const std::string& message = {}) const;

protected:
    /// The dump directory is `dumps`, or one in the home.
    explicit Scene(std::filesystem::path dumps = {});

    void remember_names();
    /// `dbbackup VERB WORDS --dir … ARGUMENTS`.
    [[nodiscard]] std::vector<std::string>
    words_of(std::vector<std::string> words, const std::vector<std::string>& arguments) const;
    /// The environment of a run: DATABASE_URL, and a mark that identifies all its children.
    [[nodiscard]] ProgramOptions options_for(const TestDatabase& database) const;
    /// Checks that no process and no session of a run is left, or soon none is.
    void check_nothing_runs_in(const TestDatabase& database) const;

private:
    TempDir temp_;
    std::filesystem::path dumps_;
    std::vector<std::string> remembered_names_;
};

} // namespace dbbackup::test
