#pragma once

#include <dbbackup/sys/child_process.hpp>
#include <dbbackup/sys/fd.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// A command for one section of the configuration, and how it went.
struct SectionRun {
    std::string section;
    /// The server's name for the database: its dumps share a lock with those of the same name.
    /// Empty if it is not known.
    std::string own_name;
    std::optional<int> exit_code = std::nullopt; ///< 128+N for signal N; nothing: it never began
    std::string out = {};
    std::string err = {};
};

/// How to start our own program again.
struct OwnProgram {
    std::vector<std::string> words; ///< of all sections
    std::vector<std::string> environment;
    bool shares_stderr = false; ///< with us; else it is collected
};

/// Told when a run begins and, with its output, when it has ended.
struct RunListener {
    std::function<void(const SectionRun&)> on_start;
    std::function<void(const SectionRun&)> on_end;
};

/// Runs the command of each section as a child of its own, at most `parallel` at a time, and never
/// two of databases with the same name. What becomes of one changes nothing for the others. If a
/// signal asks us to end, all get it, and we wait for them; then throws base::Interrupted.
void run_sections(std::vector<SectionRun>& runs, const OwnProgram& program, unsigned parallel,
                  const RunListener& listener);

/// The words of our command line for one section: without `--all` and `--parallel`, and with
/// `--database NAME`.
[[nodiscard]] std::vector<std::string> words_for_section(const std::vector<std::string>& words,
                                                         const std::string& section);

/// The exit code of a run over several: the worst (docs/exit-codes.md).
[[nodiscard]] int worst_exit_code(const std::vector<SectionRun>& runs);

} // namespace dbbackup::cli
