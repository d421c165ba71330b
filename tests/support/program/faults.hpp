#pragma once

#include "support/program/program.hpp"

#include <functional>
#include <string>
#include <vector>

namespace dbbackup::test {

/// One call of one function of the C library that fails.
struct Fault {
    std::string function;
    unsigned call = 0; ///< counted from 1
    int error_number = 0;

    [[nodiscard]] std::string describe() const;
};

/// A run of dbbackup that is repeated with each of its calls failing once.
struct FaultyRun {
    std::vector<std::string> words;
    ProgramOptions options;
    /// Before each run: restores the initial state.
    std::function<void()> prepare = [] {};
    /// After each run, the first of which has no fault: whether its output is true, and nothing is
    /// lost.
    std::function<void(const ProgramResult&, const Fault&)> check;
};

/// Makes one call after the other fail: some of them, or all with DBBACKUP_TEST_LONG. Checks each
/// time that the run ends by itself, with one of its own exit codes, reports no damage (there is
/// none), and says what failed in our words.
void try_faults(const FaultyRun& run);

/// Whether faults can be injected into the dbbackup under test.
[[nodiscard]] bool can_inject_faults();

} // namespace dbbackup::test
