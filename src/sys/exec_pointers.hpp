#pragma once

#include <string>
#include <vector>

namespace dbbackup::sys {

/// `texts` in the form in which execve(2) and posix_spawn(3) take arguments and environments,
/// without changing them. Valid as long as `texts` is.
[[nodiscard]] inline std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (const std::string& text : texts) {
        pointers.push_back(const_cast<char*>(text.c_str()));
    }
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace dbbackup::sys
