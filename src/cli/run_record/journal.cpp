#include "cli/run_record/journal.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/rotating_file.hpp>
#include <dbbackup/sys/user.hpp>

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::cli {

namespace {

constexpr std::uint64_t k_most_bytes = 10'000'000;
constexpr unsigned k_most_files = 5;
/// More than it can grow to, unless somebody else wrote it.
constexpr std::size_t k_most_read = 64U << 20U;
constexpr std::string_view k_beginning = "{\"time\":\"";

/// A power loss can have cut the first line, or left zeros.
bool begins_like_journal(std::string_view text) {
    return text.front() == '\0' || text.starts_with(k_beginning) || k_beginning.starts_with(text);
}

bool is_there(const std::filesystem::path& directory) {
    try {
        (void)sys::Directory::open(directory);
        return true;
    } catch (const base::SystemError& error) {
        if (error.error_number() == ENOENT) {
            return false;
        }
        throw;
    }
}

std::string read_trusted(const sys::Directory& directory, const std::string& name) {
    sys::OwnedText file = directory.read_owned_file(name, k_most_read);
    if (!directory.trusts(file.owner)) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("'{}' belongs to {}",
                                      base::printable(directory.path_of(name)),
                                      sys::describe_user(file.owner))};
    }
    return std::move(file.text);
}

/// Adds the runs of `text`, from its last line on; false once there are enough.
bool add_runs(std::string_view text, std::size_t most,
              const std::function<bool(const RunRecord&)>& is_wanted, JournalPage& page) {
    while (!text.empty()) {
        text.remove_suffix(text.back() == '\n' ? 1 : 0);
        const std::size_t start = text.rfind('\n') + 1; // 0 if there is none
        const std::string_view line = text.substr(start);
        text = text.substr(0, start);
        if (line.empty()) {
            continue;
        }
        auto record = find_record(nlohmann::json::parse(line, nullptr, false));
        if (!record) {
            ++page.unreadable;
        } else if (is_wanted(*record)) {
            if (page.runs.size() == most) {
                page.has_more = true;
                return false;
            }
            page.runs.push_back(std::move(*record));
        }
    }
    return true;
}

} // namespace

void append_to_journal(const std::filesystem::path& directory, const RunRecord& record) {
    if (!is_there(directory)) {
        return;
    }
    const sys::RotatingFile file{directory / k_journal, k_most_bytes, k_most_files,
                                 begins_like_journal};
    file.append(
        base::printable_json(to_json(record).dump(-1, ' ', false, Json::error_handler_t::replace)) +
        "\n");
}

JournalPage read_journal(const sys::Directory& directory, std::size_t most,
                         const std::function<bool(const RunRecord&)>& is_wanted) {
    JournalPage page;
    std::string name = k_journal;
    for (unsigned number = 1; number <= k_most_files; ++number) {
        try {
            if (directory.contains(name) &&
                !add_runs(read_trusted(directory, name), most, is_wanted, page)) {
                break;
            }
        } catch (const base::Error& error) {
            page.problems.emplace_back(error.what());
        }
        name = fmt::format("{}.{}", k_journal, number);
    }
    return page;
}

} // namespace dbbackup::cli
