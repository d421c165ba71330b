// A schedule as units of systemd, for a user or a machine without the shipped templates.

#include "ops/schedule/calendar.hpp"
#include "ops/schedule/printed_schedule.hpp"

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

std::string exec_start(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) {
        line += (line.empty() ? "" : " ") + quote_for_unit(word);
    }
    return line;
}

std::string units_for(const PrintedSchedule& schedule, TimerJob job, const TimerTime& time,
                      std::vector<std::string> words) {
    const std::string name = name_of(schedule, job, '-');
    const std::string what = job == TimerJob::dump ? "Dump" : "Restore drill";
    words.emplace_back("--no-progress");
    return fmt::format("# ~/.config/systemd/user/{0}.service\n"
                       "[Unit]\n"
                       "Description={1} by {2}\n"
                       "Documentation=man:dbbackup(1)\n"
                       "\n"
                       "[Service]\n"
                       "Type=oneshot\n"
                       "ExecStart={3}\n"
                       "UMask=0077\n"
                       "LimitCORE=0\n"
                       "\n"
                       "# ~/.config/systemd/user/{0}.timer\n"
                       "[Unit]\n"
                       "Description={1} by {2}, {4}\n"
                       "\n"
                       "[Timer]\n"
                       "OnCalendar={5}\n"
                       "RandomizedDelaySec=10min\n"
                       "Persistent=yes\n"
                       "\n"
                       "[Install]\n"
                       "WantedBy=timers.target\n",
                       name, what, name_of(schedule, TimerJob::dump, ' '),
                       exec_start(command_of(schedule, words, "a unit")), describe(time),
                       to_calendar(time));
}

} // namespace

std::string quote_for_unit(const std::string& word) {
    std::string quoted;
    for (const char c : word) {
        switch (c) {
        case '"':
        case '\\':
            quoted += '\\';
            break;
        case '%': // of a specifier
        case '$': // of a variable
            quoted += c;
            break;
        default:
            break;
        }
        quoted += c;
    }
    constexpr std::string_view k_plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=+,@";
    const bool is_plain = !word.empty() && word.find_first_not_of(k_plain) == std::string::npos;
    return is_plain ? quoted : fmt::format("\"{}\"", quoted);
}

std::string to_units(const PrintedSchedule& schedule) {
    std::string units = name_of(schedule, TimerJob::dump, '-') + ".timer";
    if (schedule.drill) {
        units += " " + name_of(schedule, TimerJob::drill, '-') + ".timer";
    }
    std::string text = fmt::format(
        "# Each part goes into the file that its first line names. Then, as that user:\n"
        "#   systemctl --user daemon-reload && systemctl --user enable --now {}\n"
        "#   loginctl enable-linger    # so that they run while you are not logged in\n"
        "# For the whole system, use /etc/systemd/system instead, systemctl without --user, and a\n"
        "# line User= in [Service]. --keep-… deletes dumps that no rule keeps: choose yours.\n"
        "\n",
        units);
    text += units_for(schedule, TimerJob::dump, schedule.dump, dump_words(schedule));
    if (schedule.drill) {
        text += "\n" + units_for(schedule, TimerJob::drill, *schedule.drill, drill_words());
    }
    return text;
}

} // namespace dbbackup::ops
