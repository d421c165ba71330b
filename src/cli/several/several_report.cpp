#include "cli/several/several_report.hpp"

#include "cli/exit_code.hpp"
#include "cli/report/json_values.hpp"
#include "cli/report/restore_text.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::cli {

namespace {

/// The last error on its stderr, without what stands before it.
std::string find_error(const std::string& err) {
    constexpr std::string_view k_mark = "dbbackup: error: ";
    const std::size_t at = err.rfind(k_mark);
    if (at == std::string::npos) {
        return {};
    }
    const std::size_t begin = at + k_mark.size();
    return err.substr(begin, err.find('\n', begin) - begin);
}

std::string meaning_of(int code) {
    if (code > k_exit_signal_base) {
        return fmt::format("ended by signal {} ({})", code - k_exit_signal_base,
                           ::strsignal(code - k_exit_signal_base));
    }
    switch (code) {
    case exit_code(base::ErrorKind::usage):
        return "wrong usage or configuration";
    case exit_code(base::ErrorKind::damaged):
        return "a dump is damaged or incomplete";
    case exit_code(base::ErrorKind::locked):
        return "another run holds its lock";
    case exit_code(base::ErrorKind::refused):
        return "refused";
    case exit_code(base::ErrorKind::not_copied):
        return "the dump is good here, but a copy elsewhere failed";
    default:
        return "see its message above";
    }
}

std::string reason_of(const SectionRun& run) {
    const std::string error = find_error(run.err);
    return error.empty() ? meaning_of(*run.exit_code) : error;
}

Json result_of(const SectionRun& run) {
    Json result = Json::parse(run.out, nullptr, false);
    return result.is_discarded() ? Json(nullptr) : result;
}

std::string counted(std::ptrdiff_t count, const char* what) {
    return count == 0 ? "" : fmt::format(", {} {}", count, what);
}

} // namespace

std::string counts_of(const std::vector<SectionRun>& runs) {
    const auto done = std::ranges::count(runs, std::optional{k_exit_done}, &SectionRun::exit_code);
    const auto not_begun = std::ranges::count(runs, std::optional<int>{}, &SectionRun::exit_code);
    const auto failed = static_cast<std::ptrdiff_t>(runs.size()) - done - not_begun;
    return fmt::format("{} of {} {} done{}{}", done, runs.size(),
                       runs.size() == 1 ? "database" : "databases", counted(failed, "failed"),
                       counted(not_begun, "not begun"));
}

std::string failures_text(const std::vector<SectionRun>& runs,
                          const std::vector<std::string>& words, const Screen& screen) {
    std::string text = fmt::format("\ndbbackup: {} {}\n", screen.bad("error:"), counts_of(runs));
    for (const SectionRun& run : runs) {
        if (run.exit_code.value_or(k_exit_done) == k_exit_done) {
            continue;
        }
        std::vector<std::string> again = words_for_section(words, run.section);
        again.insert(again.begin(), "dbbackup");
        text += fmt::format("{}: {} (exit code {})\n  again: {}\n", base::printable(run.section),
                            reason_of(run), *run.exit_code, shell_words(again));
    }
    return text;
}

std::string several_json(const std::vector<SectionRun>& runs, int exit_code) {
    Json databases = Json::array();
    for (const SectionRun& run : runs) {
        databases.push_back({{"database", text(run.section)},
                             {"exit_code", number_or_null(run.exit_code)},
                             {"result", result_of(run)}});
    }
    return finish({{"databases", databases}, {"exit_code", exit_code}});
}

} // namespace dbbackup::cli
