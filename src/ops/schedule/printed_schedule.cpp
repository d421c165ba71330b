#include "ops/schedule/printed_schedule.hpp"

#include "ops/schedule/calendar.hpp"

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// cron cuts or refuses what is longer (MAX_COMMAND of Debian's and Red Hat's).
constexpr std::size_t k_longest_cron_line = 990;

std::string cron_line(const PrintedSchedule& schedule, const TimerTime& time,
                      std::vector<std::string> words) {
    words.emplace_back("-q");
    std::string line = fmt::format("{}  {} > /dev/null\n", to_cron_fields(time),
                                   quote_for_cron(command_of(schedule, words, "a crontab")));
    if (line.size() > k_longest_cron_line) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("the line would have {} characters, and cron takes some {}",
                                      line.size(), k_longest_cron_line),
                          "Put options into a configuration file, and name that with --config."};
    }
    return line;
}

} // namespace

std::vector<std::string> dump_words(const PrintedSchedule& schedule) {
    std::vector<std::string> words{"dump", "--lock-wait-timeout", "10m"};
    if (schedule.dump.every == Every::hour) {
        words.insert(words.end(), {"--keep-hourly", "24"});
    }
    // As the shipped units.
    words.insert(words.end(), {"--keep-daily", "7", "--keep-weekly", "5", "--keep-monthly", "12"});
    return words;
}

std::vector<std::string> drill_words() {
    return {"verify", "--restore"};
}

std::vector<std::string> command_of(const PrintedSchedule& schedule,
                                    const std::vector<std::string>& words,
                                    const std::string& where) {
    std::vector<std::string> all{schedule.program};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), schedule.settings.begin(), schedule.settings.end());
    for (const std::string& word : all) {
        if (base::printable(word) != word) {
            throw base::Error{
                base::ErrorKind::usage,
                fmt::format("'{}' cannot be written in {}", base::printable(word), where),
                "Use a path of printable characters, or a link with such a name."};
        }
    }
    return all;
}

std::string name_of(const PrintedSchedule& schedule, TimerJob job, char separator) {
    std::string name = "dbbackup";
    if (!schedule.name.empty()) {
        name += separator + schedule.name;
    }
    return job == TimerJob::drill ? name + separator + "drill" : name;
}

std::string quote_for_cron(const std::vector<std::string>& words) {
    // To cron, % is the end of the command unless a backslash stands before it; a backslash takes
    // its meaning from the next one, even within quotes.
    std::string quoted;
    for (const char c : base::shell_words(words)) {
        if (c == '%') {
            quoted += quoted.ends_with('\\') ? "''\\%" : "\\%";
        } else {
            quoted += c;
        }
    }
    return quoted;
}

std::string to_crontab(const PrintedSchedule& schedule) {
    std::string text = fmt::format(
        "# {}: a dump {}.\n"
        "# Add these lines with `crontab -e`, as the user who owns the dump directory. cron mails\n"
        "# what goes wrong: set MAILTO. --keep-… deletes dumps that no rule keeps: choose yours.\n",
        name_of(schedule, TimerJob::dump, ' '), describe(schedule.dump));
    text += cron_line(schedule, schedule.dump, dump_words(schedule));
    if (schedule.drill) {
        text += fmt::format("# A drill {}.\n", describe(*schedule.drill));
        text += cron_line(schedule, *schedule.drill, drill_words());
    }
    return text;
}

} // namespace dbbackup::ops
