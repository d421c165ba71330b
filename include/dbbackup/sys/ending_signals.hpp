#pragma once

namespace dbbackup::sys {

/// How many signals have asked the run to end so far. Only counts after take_over_signals().
[[nodiscard]] unsigned count_ending_signals() noexcept;

/// take_over_signals() once more, after run_in_foreground(); does nothing before the first.
void take_back_signals() noexcept;

} // namespace dbbackup::sys
