// A schedule as property lists for launchd, macOS's service manager.

#include "ops/schedule/calendar.hpp"
#include "ops/schedule/printed_schedule.hpp"

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

std::string entry(const char* key, unsigned value) {
    return fmt::format("      <key>{}</key><integer>{}</integer>\n", key, value);
}

/// What StartCalendarInterval takes: one dictionary, or an array of them.
std::string intervals(const TimerTime& time) {
    std::string at = entry("Minute", time.minute);
    if (time.every != Every::hour) {
        at += entry("Hour", time.hour);
    }
    if (time.every == Every::week) {
        at += entry("Weekday", 0);
    }
    if (time.every == Every::month || time.every == Every::quarter) {
        at += entry("Day", 1);
    }
    std::string all;
    if (time.every != Every::quarter) {
        return fmt::format("    <dict>\n{}    </dict>\n", at);
    }
    for (const unsigned month : k_quarters) {
        all += fmt::format("    <dict>\n{}{}    </dict>\n", at, entry("Month", month));
    }
    return all;
}

std::string list_for(const PrintedSchedule& schedule, TimerJob job, const TimerTime& time,
                     std::vector<std::string> words) {
    const std::string label = name_of(schedule, job, '.');
    words.emplace_back("-q");
    std::string arguments;
    for (const std::string& word : command_of(schedule, words, "a property list")) {
        arguments += fmt::format("    <string>{}</string>\n", quote_for_xml(word));
    }
    // Two hyphens must not stand in a comment.
    const std::string file = label.find("--") == std::string::npos ? label : "LABEL";
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                       "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
                       "<!-- Save as ~/Library/LaunchAgents/{5}.plist, then:\n"
                       "     launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/{5}.plist\n"
                       "     It runs {1}.{2} -->\n"
                       "<plist version=\"1.0\">\n"
                       "<dict>\n"
                       "  <key>Label</key>\n"
                       "  <string>{0}</string>\n"
                       "  <key>ProgramArguments</key>\n"
                       "  <array>\n"
                       "{3}"
                       "  </array>\n"
                       "  <key>StartCalendarInterval</key>\n"
                       "  <array>\n"
                       "{4}"
                       "  </array>\n"
                       "  <key>Umask</key>\n"
                       "  <integer>63</integer>\n" // 077
                       "</dict>\n"
                       "</plist>\n",
                       quote_for_xml(label), describe(time),
                       job == TimerJob::dump ? " What no rule keeps is deleted: choose yours." : "",
                       arguments, intervals(time), file);
}

} // namespace

std::string quote_for_xml(const std::string& text) {
    std::string quoted;
    for (const char c : text) {
        quoted += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string{c};
    }
    return quoted;
}

std::string to_launchd(const PrintedSchedule& schedule) {
    std::string text = list_for(schedule, TimerJob::dump, schedule.dump, dump_words(schedule));
    if (schedule.drill) {
        text += "\n" + list_for(schedule, TimerJob::drill, *schedule.drill, drill_words());
    }
    return text;
}

} // namespace dbbackup::ops
