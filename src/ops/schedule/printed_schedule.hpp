#pragma once

#include <dbbackup/ops/schedule.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// The commands that a schedule runs, without the settings.
[[nodiscard]] std::vector<std::string> dump_words(const PrintedSchedule& schedule);
[[nodiscard]] std::vector<std::string> drill_words();

/// The whole command: the program, `words`, the settings. Throws base::Error{usage} if a word holds
/// control characters, or bytes that are not UTF-8, which `where` cannot hold: "a crontab".
[[nodiscard]] std::vector<std::string> command_of(const PrintedSchedule& schedule,
                                                  const std::vector<std::string>& words,
                                                  const std::string& where);

/// A word of ExecStart= in a unit.
[[nodiscard]] std::string quote_for_unit(const std::string& word);
/// Words for the shell, as a crontab's line takes them.
[[nodiscard]] std::string quote_for_cron(const std::vector<std::string>& words);
/// Text in a property list.
[[nodiscard]] std::string quote_for_xml(const std::string& text);

/// "dbbackup-shop-drill", for names of files. `separator` stands between the parts.
[[nodiscard]] std::string name_of(const PrintedSchedule& schedule, TimerJob job, char separator);

} // namespace dbbackup::ops
