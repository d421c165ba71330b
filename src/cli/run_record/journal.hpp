#pragma once

#include "cli/run_record/run_record.hpp"

#include <dbbackup/sys/directory.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// In the dump directory: what runs did, a line each. See docs/journal.md.
inline constexpr const char* k_journal = ".journal.jsonl";

/// Appends a line; does nothing if there is no such directory. Throws base::Error if it cannot be
/// written, or is not a file that only trusted users can have put there (sys::RotatingFile).
void append_to_journal(const std::filesystem::path& directory, const RunRecord& record);

/// Runs of a journal, the last first.
struct JournalPage {
    std::vector<RunRecord> runs;
    std::size_t unreadable = 0;        ///< lines, as far as it was read
    bool has_more = false;             ///< that were asked for, but are over the limit
    std::vector<std::string> problems; ///< files that were passed over, and why
};

/// The last `most` runs that `is_wanted` accepts; nothing if there is no journal. What it cannot
/// read or trust is in the result.
[[nodiscard]] JournalPage read_journal(const sys::Directory& directory, std::size_t most,
                                       const std::function<bool(const RunRecord&)>& is_wanted);

} // namespace dbbackup::cli
