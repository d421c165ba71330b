#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/sys/child_process.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// The program `age`, which seals and opens (https://age-encryption.org).
class AgeProgram {
public:
    /// Throws base::Error{failed} with the package that has it, if it is not installed.
    explicit AgeProgram(const Context& context);

    /// Seals its stdin for `recipients` to its stdout.
    [[nodiscard]] sys::Command seal(const std::vector<std::string>& recipients) const;
    /// Opens the file `fd`, from its start, with the identity file `identity_fd`, to its stdout. It
    /// releases the beginning before it knows the end: believe it only after it has exited 0.
    [[nodiscard]] sys::Command open(int fd, int identity_fd) const;

private:
    [[nodiscard]] sys::Command command(std::vector<std::string> arguments) const;

    std::string path_;
    std::vector<std::string> environment_;
};

/// The error lines of age, as one line without its name and its advice; marked as from outside.
[[nodiscard]] std::string words_of_age(const std::string& said);

} // namespace dbbackup::ops
