#include "ops/seal/age_program.hpp"

#include "ops/client/split_lines.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/foreground_program.hpp>

#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace dbbackup::ops {

namespace {

/// What a plugin (age-plugin-yubikey, …) needs: age finds it in PATH.
constexpr std::string_view k_passed[] = {"PATH=", "HOME=", "XDG_RUNTIME_DIR="};

} // namespace

AgeProgram::AgeProgram(const Context& context) {
    auto found = sys::find_installed_program("age");
    if (!found) {
        throw base::Error{base::ErrorKind::failed,
                          "the program age, which seals and opens dumps, is not installed",
                          "Install the package age: apt-get install age"};
    }
    path_ = std::move(*found);
    environment_ = {"LC_ALL=C"};
    for (const std::string& entry : context.environment) {
        for (const std::string_view name : k_passed) {
            if (entry.starts_with(name)) {
                environment_.push_back(entry);
            }
        }
    }
}

sys::Command AgeProgram::command(std::vector<std::string> arguments) const {
    return {.program = path_, .arguments = std::move(arguments), .environment = environment_};
}

sys::Command AgeProgram::seal(const std::vector<std::string>& recipients) const {
    std::vector<std::string> arguments{"--encrypt"};
    for (const std::string& recipient : recipients) {
        arguments.insert(arguments.end(), {"--recipient", recipient});
    }
    return command(std::move(arguments));
}

sys::Command AgeProgram::open(int fd, int identity_fd) const {
    sys::Command made = command({"--decrypt", "--identity", sys::path_for_children(identity_fd),
                                 sys::path_for_children(fd)});
    made.inherited_fds = {fd, identity_fd};
    return made;
}

std::string words_of_age(const std::string& said) {
    constexpr std::string_view k_error = "age: error: ";
    std::string words;
    for (std::string_view line : split_lines(said)) {
        if (line.starts_with(k_error)) {
            line.remove_prefix(k_error.size());
            words += fmt::format("{}{}", words.empty() ? "" : "; ", line);
        }
    }
    return words.empty() ? "" : base::mark_outside(base::printable_line(words));
}

} // namespace dbbackup::ops
