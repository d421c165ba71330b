#pragma once

#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>

#include <chrono>
#include <fmt/format.h>
#include <string>

namespace dbbackup::ops {

/// The error for pg::k_lock_not_available. `first` begins its hint: "Nothing was changed. ", or
/// nothing.
[[nodiscard]] inline base::Error lock_timed_out(std::chrono::milliseconds lock_timeout,
                                                const std::string& first = {}) {
    return {base::ErrorKind::failed,
            fmt::format("another session kept a table locked for {}",
                        base::format_duration(lock_timeout)),
            first + "Wait for its end, or allow more time with --lock-timeout."};
}

} // namespace dbbackup::ops
