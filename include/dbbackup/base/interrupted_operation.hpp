#pragma once

#include <dbbackup/base/error.hpp>

#include <string>
#include <utility>

namespace dbbackup::base {

/// Interrupted, with the state that it left: "database shop was not changed".
class InterruptedOperation : public Interrupted {
public:
    InterruptedOperation(int signal_number, std::string outcome)
        : Interrupted(signal_number), outcome_(std::move(outcome)) {}

    /// For people.
    [[nodiscard]] const std::string& outcome() const noexcept { return outcome_; }

private:
    std::string outcome_;
};

} // namespace dbbackup::base
