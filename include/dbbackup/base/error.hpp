#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace dbbackup::base {

/// What went wrong, as far as a caller can act on it. Each kind has its own exit code, given in
/// docs/exit-codes.md.
enum class ErrorKind {
    failed,     ///< the operation failed
    usage,      ///< wrong flags, URL or configuration; nothing was started
    damaged,    ///< a dump is damaged or incomplete
    locked,     ///< another run holds the lock
    refused,    ///< not confirmed, or not safe
    not_copied, ///< the dump is good here, but a copy elsewhere failed
};

/// A failure on its way to cli::run, which alone reports it. `what()` says what happened and to
/// what, in lower case and without a full stop; `hint()` says what to do next, as a sentence, or is
/// empty. Neither ever holds a secret.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& message, std::string hint = {})
        : std::runtime_error(message), kind_(kind), hint_(std::move(hint)) {}

    [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
    [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

private:
    ErrorKind kind_;
    std::string hint_;
};

/// A system call failed.
class SystemError : public Error {
public:
    SystemError(const std::string& message, std::string hint, int error_number)
        : Error(ErrorKind::failed, message, std::move(hint)), error_number_(error_number) {}

    /// An errno value.
    [[nodiscard]] int error_number() const noexcept { return error_number_; }

    /// True if the error says nothing about the requested object: out of descriptors or memory.
    [[nodiscard]] bool is_shortage() const noexcept;

private:
    int error_number_;
};

/// `action` failed with `error_number` (an errno value): "cannot ACTION: No space left on device".
[[nodiscard]] SystemError system_error(const std::string& action, int error_number,
                                       std::string hint = {});

/// A signal asked the run to end. Not an Error: only cli::run may handle it.
class Interrupted : public std::exception {
public:
    explicit Interrupted(int signal_number) : signal_number_(signal_number) {}

    [[nodiscard]] int signal_number() const noexcept { return signal_number_; }
    [[nodiscard]] const char* what() const noexcept override { return "interrupted by a signal"; }

private:
    int signal_number_;
};

} // namespace dbbackup::base
