#include "ops/client/child_outcome.hpp"

#include "ops/client/split_lines.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/error_lines.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

/// A client that has closed its output only has to exit.
constexpr auto k_exit_patience = 30s;

struct KnownFailure {
    std::string_view text;
    std::string_view hint;
    std::string_view hint_for_safety_dump = {}; ///< if it is another one
};

/// What the clients' messages mean to the user.
constexpr KnownFailure k_known_failures[] = {
    {"permission denied for large object",
     "Grant SELECT on it (GRANT SELECT ON LARGE OBJECT …), or leave large objects out with "
     "-- --no-blobs.",
     "A safety dump must hold everything. Grant SELECT on it (GRANT SELECT ON LARGE OBJECT …)."},
    {"permission denied",
     "Dump as a role that may read everything (pg_read_all_data), or leave objects out with -T, -N "
     "or --exclude-table-data.",
     "A safety dump must hold everything. Restore as a role that may read everything "
     "(pg_read_all_data)."},
    {"lock timeout",
     "Another session holds a lock on it; wait for it, or allow more time with "
     "--lock-wait-timeout.",
     "Another session holds a lock on it; wait for it, or allow more time with --lock-timeout."},
    // pg_dump waits for locks under a statement timeout.
    {"due to statement timeout",
     "Another session holds a lock on it; wait for it, or allow more time with "
     "--lock-wait-timeout.",
     "Another session holds a lock on it; wait for it, or allow more time with --lock-timeout."},
    {"no matching", "Check the patterns of -t and -n; names are case-sensitive in double quotes."},
    {"No space left", "Free some space there, or choose another directory with --dir.",
     "Free some space there."},
    {"terminating connection", "The server ended the session; see the server's log."},
    {"server closed the connection", "See the server's log."},
    {"row-level security",
     "Row-level security hides rows of that table from the role in the URL (from its owner too, if "
     "it says FORCE), and a dump must hold them all. Take it as a superuser, or as a role that has "
     "BYPASSRLS: ALTER ROLE name BYPASSRLS."},
};

std::string hint_for(std::string_view message, HintsFor whom) {
    for (const KnownFailure& known : k_known_failures) {
        if (message.find(known.text) != std::string_view::npos) {
            const bool is_special =
                whom == HintsFor::safety_dump && !known.hint_for_safety_dump.empty();
            return std::string{is_special ? known.hint_for_safety_dump : known.hint};
        }
    }
    return "The server's log may say more.";
}

/// Without empty ones.
std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (const std::string_view line : split_lines(text)) {
        if (!line.empty()) {
            lines.emplace_back(line);
        }
    }
    return lines;
}

/// A query can name every table: the start of it says enough.
std::string with_short_query(const std::string& line) {
    constexpr std::string_view k_query = "Query was: ";
    constexpr std::size_t k_most_shown = 200;
    const std::size_t query = line.find(k_query);
    if (query == std::string::npos || line.size() <= query + k_most_shown) {
        return line;
    }
    const std::size_t blank = line.rfind(' ', query + k_most_shown);
    return line.substr(0, std::max(blank, query + k_query.size())) + " …";
}

/// What a child said about the cause, as one line: from its first error on, a few lines. Not
/// pg_restore's queries: they explain less than the text before them, and may contain a password.
std::string last_words(const std::vector<std::string>& lines) {
    constexpr std::size_t k_most_lines = sys::k_lines_of_an_error;
    const auto error = std::ranges::find_if(lines, sys::is_error_line);
    const std::size_t tail = lines.size() - std::min(lines.size(), k_most_lines);
    const std::size_t start =
        error != lines.end() ? static_cast<std::size_t>(error - lines.begin()) : tail;
    std::string words;
    for (std::size_t i = start; i < std::min(lines.size(), start + k_most_lines); ++i) {
        if (lines[i].starts_with("Command was: ")) {
            break;
        }
        words += with_short_query(lines[i]) + "\n";
    }
    return base::printable_line(words);
}

} // namespace

std::vector<std::string> require_success(sys::ChildProcess& child, const ChildWatch& watch) {
    const sys::ExitStatus status = child.wait(k_exit_patience);
    return require_success(child.name(), status, child.error_output(), watch);
}

std::vector<std::string> require_success(const std::string& name, const sys::ExitStatus& status,
                                         const std::string& said, const ChildWatch& watch) {
    const std::vector<std::string> lines =
        lines_of(watch.connection != nullptr ? watch.connection->redact(said) : said);
    if (status.success()) {
        std::vector<std::string> warnings;
        for (const std::string& line : lines) {
            if (sys::is_warning_line(line)) {
                watch.listener.on_warning(
                    base::mark_outside(warnings.emplace_back(base::printable(line))));
            } else {
                watch.listener.on_detail(base::mark_outside(base::printable(line)));
            }
        }
        return warnings;
    }
    const std::string words = last_words(lines);
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("{} failed with {}{}{}", name, status.describe(),
                                  words.empty() ? "" : ": ", base::mark_outside(words)),
                      hint_for(words, watch.hints)};
}

} // namespace dbbackup::ops
