#pragma once

#include "support/scene/restore_scene.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::test {

/// A restore, and the way back that it prints, typed into a shell.
class PartScene : public RestoreScene {
public:
    /// What the program says after `mark`, up to the end of that line; empty if it does not.
    [[nodiscard]] static std::string line_after(const ProgramResult& result, std::string_view mark);
    /// What the way back leaves, as the program says.
    [[nodiscard]] static std::string leaves(const ProgramResult& result);

    /// Restores with a safety dump, confirmed; requires that it succeeds.
    [[nodiscard]] ProgramResult run(const std::filesystem::path& dump,
                                    std::vector<std::string> arguments) const;
    /// What pg_dump says of the target.
    [[nodiscard]] std::string state() const;
    /// Types the command into a shell that finds dbbackup.
    [[nodiscard]] ProgramResult type(const std::string& line) const;
    /// Restores and types what it says into a shell: all is as before. Returns that line.
    std::string check_way_back(const std::filesystem::path& dump,
                               const std::vector<std::string>& arguments) const;
};

} // namespace dbbackup::test
