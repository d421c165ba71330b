#include "cli/several/several.hpp"

#include "cli/command_line/secret_words.hpp"
#include "cli/exit_code.hpp"
#include "cli/several/require_several.hpp"
#include "cli/several/section_runs.hpp"
#include "cli/several/several_report.hpp"

#include <dbbackup/base/interrupted_operation.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dbbackup::cli {

namespace {

constexpr unsigned k_most_parallel = 64;

bool are_one_stream(int one, int other) {
    struct stat a {};

    struct stat b {};

    return ::fstat(one, &a) == 0 && ::fstat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

/// Prints what the runs write, each whole and under its name.
class SeveralOutput {
public:
    SeveralOutput(const Invocation& invocation, bool shares_stderr)
        : console_(invocation.console), is_json_(invocation.settings.json()),
          is_quiet_(invocation.settings.quiet()), shares_stderr_(shares_stderr) {}

    void begin(const SectionRun& run) {
        if (shares_stderr_) {
            console_.print_message(heading(run));
        }
    }

    void end(const SectionRun& run) {
        const bool has_one_stream = are_one_stream(STDOUT_FILENO, STDERR_FILENO);
        if (!is_json_ && !run.out.empty()) {
            const bool has_heading = is_quiet_ || (shares_stderr_ && has_one_stream);
            console_.print_final_result((has_heading ? "" : heading(run)) + run.out);
        }
        if (!run.err.empty()) {
            const bool has_heading = !is_json_ && !is_quiet_ && !run.out.empty() && has_one_stream;
            console_.print_message((has_heading ? "" : heading(run)) + run.err);
        }
    }

private:
    std::string heading(const SectionRun& run) {
        const std::string gap = is_first_ || is_quiet_ ? "" : "\n";
        is_first_ = false;
        return fmt::format("{}[{}]\n", gap, base::printable(run.section));
    }

    Console& console_;
    bool is_json_;
    bool is_quiet_;
    bool shares_stderr_;
    bool is_first_ = true;
};

void print_report(const std::vector<SectionRun>& runs, int code, const Invocation& invocation) {
    Console& console = invocation.console;
    const std::string counts = counts_of(runs);
    console.log_result(counts, code == k_exit_done ? Outcome::good : Outcome::bad);
    if (invocation.settings.json()) {
        console.print_final_result(several_json(runs, code));
    } else if (code != k_exit_done) {
        console.print_message(failures_text(runs, invocation.words, console.message_screen()));
    } else if (!invocation.settings.quiet()) {
        console.print_final_result(fmt::format("\n{}\n", counts));
    }
}

} // namespace

void SeveralFlags::add_to(CLI::App& app, const std::string& all_text) {
    auto* all_flag = app.add_flag("--all", all, all_text)->configurable(false);
    app.add_option("--parallel", parallel, "With --all: N databases at a time (default: 1)")
        ->type_name("N")
        ->check(CLI::Range(1U, k_most_parallel).description(""))
        ->needs(all_flag)
        ->configurable(false);
}

int run_several(const SeveralFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    std::vector<SectionRun> runs = require_several(settings, invocation.words);
    const bool shows_progress = flags.parallel == 1 && settings.progress() && !settings.json() &&
                                invocation.console.message_screen().escapes;
    const OwnProgram program{.words = unnotified(invocation.words),
                             .environment = invocation.context.environment,
                             .shares_stderr = shows_progress};
    SeveralOutput output{invocation, shows_progress};
    try {
        run_sections(runs, program, flags.parallel,
                     {.on_start = [&output](const SectionRun& run) { output.begin(run); },
                      .on_end = [&output](const SectionRun& run) { output.end(run); }});
    } catch (const base::Interrupted& interrupted) {
        const int code = k_exit_signal_base + interrupted.signal_number();
        if (settings.json()) {
            print_report(runs, code, invocation);
            return code;
        }
        throw base::InterruptedOperation{interrupted.signal_number(), counts_of(runs)};
    }
    const int code = worst_exit_code(runs);
    print_report(runs, code, invocation);
    return code;
}

} // namespace dbbackup::cli
