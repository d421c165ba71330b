#pragma once

#include "support/scene/restore_scene.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::test {

/// A restore, and the undo command that it prints, typed into a shell.
class PartScene : public RestoreScene {
public:
    /// The program's output after `mark`, up to the end of that line; empty if there is none.
    [[nodiscard]] static std::string line_after(const ProgramResult& result, std::string_view mark);
    /// What the undo command leaves, according to the program.
    [[nodiscard]] static std::string leaves(const ProgramResult& result);

    /// Restores with a safety dump, confirmed; requires that it succeeds.
    [[nodiscard]] ProgramResult run(const std::filesystem::path& dump,
                                    std::vector<std::string> arguments) const;
    /// The output of pg_dump for the target.
    [[nodiscard]] std::string state() const;
    /// Types the command into a shell that finds dbbackup.
    [[nodiscard]] ProgramResult type(const std::string& line) const;
    /// Restores and types the undo command into a shell: all is as before. Returns that line.
    std::string check_way_back(const std::filesystem::path& dump,
                               const std::vector<std::string>& arguments) const;
};

} // namespace dbbackup::test
