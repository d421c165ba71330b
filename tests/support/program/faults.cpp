#include "support/program/faults.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <random>
#include <sstream>

namespace dbbackup::test {

namespace {

/// Errors that each function can fail with. One of them is tried.
const std::map<std::string, std::vector<int>> k_errors{
    {"open", {EMFILE, EIO}},
    {"openat", {EMFILE, EIO, EACCES}},
    {"read", {EIO, EINTR}},
    {"write", {ENOSPC, EIO, EINTR}},
    {"fsync", {EIO}},
    {"renameat", {EIO}},
    {"renameat2", {EIO, EINVAL}},
    {"linkat", {EIO}},
    {"unlinkat", {EIO, EACCES}},
    {"mkdirat", {EIO}},
    {"mkdtemp", {EACCES}},
    {"pipe2", {EMFILE}},
    {"pipe", {EMFILE}},
    {"poll", {ENOMEM, EINTR}},
    {"fstat", {EIO}},
    {"fstatat", {EIO, EACCES}},
    {"stat", {EIO, EACCES}},
    {"lstat", {EIO, EACCES}},
    {"fcntl", {EMFILE}},
    {"flock", {ENOLCK, EINTR}},
    {"ftruncate", {EIO}},
    {"fchmod", {EPERM}},
    {"fchown", {EPERM}},
    {"fork", {EAGAIN}},
    {"pthread_create", {EAGAIN}},
    {"waitpid", {EINTR}},
    {"waitid", {EINTR}},
    {"recv", {ECONNRESET, EINTR}},
    {"send", {EPIPE, EINTR}},
    {"socket", {EMFILE}},
    {"connect", {ECONNREFUSED}},
    {"fdopendir", {ENOMEM}},
    {"opendir", {EMFILE}},
    {"readdir", {EIO}},
    {"lseek", {EIO}},
    {"memfd_create", {EMFILE}},
    {"setsid", {EPERM}},
    {"dup2", {EBUSY}},
    {"chdir", {EACCES}},
};

constexpr std::size_t k_sample = 10;

bool tries_all() {
    return std::getenv("DBBACKUP_TEST_LONG") != nullptr;
}

ProgramOptions with_injector(ProgramOptions options, const std::string& variable,
                             const std::string& value) {
    const char* injector = std::getenv("DBBACKUP_TEST_FAULT_INJECTOR");
    options.environment["LD_PRELOAD"] = injector == nullptr ? "" : injector;
    options.environment[variable] = value;
    options.timeout = std::chrono::seconds{60};
    return options;
}

/// How often each function is called if nothing fails.
std::map<std::string, unsigned> count_calls(const FaultyRun& run) {
    const TempDir temp;
    const auto file = temp / "counts";
    run.prepare();
    const ProgramResult result =
        run_program(run.words, with_injector(run.options, "DBBACKUP_FAULT_COUNTS", file));
    INFO(result.err << result.out);
    run.check(result, {});
    REQUIRE(result.exit_code == 0);
    std::istringstream lines{read_file(file)};
    std::map<std::string, unsigned> counts;
    std::string function;
    for (unsigned count = 0; lines >> function >> count;) {
        REQUIRE(k_errors.contains(function));
        counts[function] = count;
    }
    REQUIRE(counts.size() == k_errors.size());
    return counts;
}

/// All calls, or some, in any order.
std::vector<Fault> choose_faults(const std::map<std::string, unsigned>& counts) {
    std::mt19937 random{std::random_device{}()};
    std::vector<Fault> faults;
    for (const auto& [function, count] : counts) {
        const auto& errors = k_errors.at(function);
        for (unsigned call = 1; call <= count; ++call) {
            faults.push_back({function, call, errors[random() % errors.size()]});
        }
    }
    if (!tries_all()) {
        std::shuffle(faults.begin(), faults.end(), random);
        faults.resize(std::min(faults.size(), k_sample));
    }
    return faults;
}

} // namespace

std::string Fault::describe() const {
    return fmt::format("{}:{}:{} ({})", function, call, error_number, std::strerror(error_number));
}

void try_faults(const FaultyRun& run) {
    for (const Fault& fault : choose_faults(count_calls(run))) {
        INFO("DBBACKUP_FAULT=" << fault.describe());
        run.prepare();
        const std::string value =
            fmt::format("{}:{}:{}", fault.function, fault.call, fault.error_number);
        const ProgramResult result =
            run_program(run.words, with_injector(run.options, "DBBACKUP_FAULT", value));
        INFO("exit code " << result.exit_code << "\n" << result.err << result.out);
        CHECK(result.signal_number == 0);
        CHECK(result.exit_code <= 5);
        CHECK(result.exit_code != 3);
        for (const char* raw : {"unexpected:", "json.exception", "std::"}) {
            CHECK(result.err.find(raw) == std::string::npos);
        }
        CHECK((result.exit_code == 0 || !result.err.empty() || !result.out.empty()));
        run.check(result, fault);
    }
}

bool can_inject_faults() {
    return std::getenv("DBBACKUP_TEST_FAULT_INJECTOR") != nullptr && !dbbackup_is_sanitized();
}

} // namespace dbbackup::test
