#pragma once

#include "cli/report/json_values.hpp"
#include "cli/terminal/screen.hpp"

#include <dbbackup/ops/timer.hpp>

#include <string>
#include <vector>

namespace dbbackup::cli {

/// A table, for `schedule show`. `name` is what the user asked for, or empty.
[[nodiscard]] std::string to_text(const ops::TimerSurvey& survey, base::UtcTime now,
                                  const std::string& name, const Screen& screen);
[[nodiscard]] std::string to_json(const ops::TimerSurvey& survey, base::UtcTime now);

[[nodiscard]] std::string switched_on_text(const std::vector<ops::TimerState>& timers,
                                           base::UtcTime now);
[[nodiscard]] std::string switched_off_text(const std::string& name,
                                            const std::vector<ops::TimerId>& timers);
[[nodiscard]] std::string switched_off_json(const std::string& name,
                                            const std::vector<ops::TimerId>& timers);

/// A line for each timer of a dump directory, for `status`.
[[nodiscard]] std::string timer_lines(const std::vector<ops::TimerState>& timers,
                                      base::UtcTime now);
[[nodiscard]] Json timers_json(const std::vector<ops::TimerState>& timers);

} // namespace dbbackup::cli
