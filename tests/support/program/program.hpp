#pragma once

#include "support/temp_dir.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <sys/resource.h>
#include <sys/types.h>
#include <vector>

namespace dbbackup::test {

struct ProgramResult {
    int exit_code = 0; ///< 128+N if signal N ended it, as in a shell
    int signal_number = 0;
    std::string out;
    std::string err;
    long peak_kib = 0; ///< resident memory, of it or of the largest of its children
};

/// How to start a program. Its environment is only PATH, HOME and LC_ALL, and what is added here.
struct ProgramOptions {
    std::map<std::string, std::string> environment = {};
    std::filesystem::path directory = "/";
    std::string input = {};
    rlim_t file_size_limit = RLIM_INFINITY;
    std::chrono::milliseconds timeout = std::chrono::seconds{120};
};

/// A program under test, running. The destructor kills its process group.
class Program {
public:
    Program(const std::vector<std::string>& words, const ProgramOptions& options);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

    void send(int signal_number) const;
    [[nodiscard]] bool running();
    /// Its stderr so far.
    [[nodiscard]] std::string err_so_far() const;
    /// Waits for its end; throws std::runtime_error after the timeout.
    ProgramResult wait();

private:
    pid_t pid_ = -1;
    int wait_status_ = 0;
    bool reaped_ = false;
    rusage usage_{};
    TempDir output_;
    std::chrono::steady_clock::time_point deadline_;
};

/// Runs `words` to the end.
[[nodiscard]] ProgramResult run_program(const std::vector<std::string>& words,
                                        const ProgramOptions& options = {});

/// `words`, to be run as the owner of `path` if we are root, who may do everything.
[[nodiscard]] std::vector<std::string> as_owner_of(const std::filesystem::path& path,
                                                   std::vector<std::string> words);

/// The path of the dbbackup under test.
[[nodiscard]] std::string dbbackup_path();

/// Whether it is built with sanitizers, which need additional memory.
[[nodiscard]] bool dbbackup_is_sanitized();

/// Runs dbbackup with `arguments` to the end.
[[nodiscard]] ProgramResult run_dbbackup(std::vector<std::string> arguments,
                                         const ProgramOptions& options = {});

} // namespace dbbackup::test
