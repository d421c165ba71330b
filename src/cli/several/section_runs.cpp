#include "cli/several/section_runs.hpp"

#include "cli/exit_code.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>
#include <dbbackup/sys/unnamed_file.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <thread>
#include <unistd.h>

namespace dbbackup::cli {

namespace {

using namespace std::chrono_literals;

constexpr auto k_pause = 20ms;
/// An interrupted dump or prune needs moments; one that hangs must not keep us for ever.
constexpr auto k_patience = 60s;
constexpr std::size_t k_most_output = std::size_t{1} << 28;
/// The program that runs, whatever has its name by now. A child opens it as its own.
constexpr const char* k_own_program = "/proc/self/exe";

std::string content_of(const sys::Fd& file) {
    (void)::lseek(file.get(), 0, SEEK_SET);
    return sys::read_all(file.get(), k_most_output, "the output of a run");
}

int code_of(const sys::ExitStatus& status) {
    return status.signal_number != 0 ? k_exit_signal_base + status.signal_number : status.exit_code;
}

class RunningSection {
public:
    RunningSection(SectionRun& run, const OwnProgram& program)
        : run_(&run), out_(sys::make_unnamed_file()),
          err_(program.shares_stderr ? sys::Fd{} : sys::make_unnamed_file()) {
        sys::Command command{.program = k_own_program,
                             .arguments = words_for_section(program.words, run.section),
                             .environment = program.environment};
        command.stderr_fd = program.shares_stderr ? STDERR_FILENO : err_.get();
        child_ = std::make_unique<sys::ChildProcess>(std::move(command), out_.get());
    }

    [[nodiscard]] const SectionRun& run() const { return *run_; }

    [[nodiscard]] bool is_running() { return child_->running(); }

    void ask_to_end(int signal_number) { child_->ask_to_end(signal_number); }

    /// Ends it if it is still running.
    void finish() {
        child_->terminate(0s);
        run_->exit_code = code_of(child_->wait(0s));
        try {
            run_->out = content_of(out_);
            run_->err = err_ ? content_of(err_) : "";
        } catch (const base::Error& error) {
            run_->err += fmt::format("dbbackup: warning: {}\n", base::printable(error.what()));
        }
    }

private:
    SectionRun* run_;
    sys::Fd out_;
    sys::Fd err_;
    std::unique_ptr<sys::ChildProcess> child_;
};

class SectionRunner {
public:
    SectionRunner(std::vector<SectionRun>& runs, const OwnProgram& program, unsigned parallel,
                  const RunListener& listener)
        : program_(program), parallel_(parallel), listener_(listener) {
        for (SectionRun& run : runs) {
            waiting_.push_back(&run);
        }
    }

    void run() {
        try {
            while (!waiting_.empty() || !running_.empty()) {
                sys::throw_if_interrupted();
                start_some();
                collect();
                if (!running_.empty()) {
                    sys::interruptible_sleep(k_pause);
                }
            }
        } catch (const base::Interrupted& interrupted) {
            end_all(interrupted.signal_number());
            throw;
        }
    }

private:
    [[nodiscard]] bool may_start(const SectionRun& run) const {
        return run.own_name.empty() || std::ranges::none_of(running_, [&](const auto& other) {
                   return other.run().own_name == run.own_name;
               });
    }

    void start_some() {
        for (auto next = waiting_.begin(); next != waiting_.end() && running_.size() < parallel_;) {
            if (!may_start(**next)) {
                ++next;
                continue;
            }
            SectionRun& run = **next;
            next = waiting_.erase(next);
            listener_.on_start(run);
            try {
                running_.emplace_back(run, program_);
            } catch (const base::Error& error) {
                run.exit_code = exit_code(error.kind());
                run.err = fmt::format("dbbackup: error: {}\n", base::printable(error.what()));
                listener_.on_end(run);
            }
        }
    }

    void collect() {
        for (auto one = running_.begin(); one != running_.end();) {
            if (one->is_running()) {
                ++one;
                continue;
            }
            one->finish();
            const SectionRun& ended = one->run();
            one = running_.erase(one);
            listener_.on_end(ended);
        }
    }

    void end_all(int signal_number) {
        for (RunningSection& one : running_) {
            one.ask_to_end(signal_number);
        }
        const auto deadline = std::chrono::steady_clock::now() + k_patience;
        while (!running_.empty() && std::chrono::steady_clock::now() < deadline) {
            collect();
            std::this_thread::sleep_for(k_pause);
        }
        for (RunningSection& one : running_) {
            one.finish();
            listener_.on_end(one.run());
        }
        running_.clear();
    }

    const OwnProgram& program_;
    unsigned parallel_;
    const RunListener& listener_;
    std::vector<SectionRun*> waiting_;
    std::vector<RunningSection> running_;
};

/// From the best to the worst. Signals are worse still.
constexpr std::array k_by_gravity{6, 4, 5, 2, 1, 3};

std::size_t gravity_of(int code) {
    if (code == k_exit_done) {
        return 0;
    }
    if (code > k_exit_signal_base) {
        return k_by_gravity.size() + 1;
    }
    const auto* found = std::ranges::find(k_by_gravity, code);
    // None of ours; something failed.
    const auto* place = found == k_by_gravity.end() ? std::ranges::find(k_by_gravity, 1) : found;
    return static_cast<std::size_t>(place - k_by_gravity.begin()) + 1;
}

} // namespace

void run_sections(std::vector<SectionRun>& runs, const OwnProgram& program, unsigned parallel,
                  const RunListener& listener) {
    SectionRunner{runs, program, parallel, listener}.run();
}

std::vector<std::string> words_for_section(const std::vector<std::string>& words,
                                           const std::string& section) {
    constexpr const char* k_all = "--all";
    constexpr const char* k_parallel = "--parallel";
    std::vector<std::string> result{"--database", section};
    auto word = words.begin();
    for (; word != words.end() && *word != "--"; ++word) {
        if (*word == k_all || word->starts_with(std::string{k_all} + "=") ||
            word->starts_with(std::string{k_parallel} + "=")) {
            continue;
        }
        if (*word == k_parallel && word + 1 != words.end()) {
            ++word; // with its number
            continue;
        }
        result.push_back(*word);
    }
    result.insert(result.end(), word, words.end());
    return result;
}

int worst_exit_code(const std::vector<SectionRun>& runs) {
    int worst = k_exit_done;
    for (const SectionRun& run : runs) {
        const int code = run.exit_code.value_or(k_exit_done);
        if (gravity_of(code) > gravity_of(worst)) {
            worst = code;
        }
    }
    return worst;
}

} // namespace dbbackup::cli
