#pragma once

#include <dbbackup/base/error.hpp>

namespace dbbackup::cli {

// See docs/exit-codes.md.

inline constexpr int k_exit_done = 0;
inline constexpr int k_exit_differences = 7; ///< compare found some
inline constexpr int k_exit_signal_base = 128;

[[nodiscard]] constexpr int exit_code(base::ErrorKind kind) noexcept {
    switch (kind) {
    case base::ErrorKind::failed:
        return 1;
    case base::ErrorKind::usage:
        return 2;
    case base::ErrorKind::damaged:
        return 3;
    case base::ErrorKind::locked:
        return 4;
    case base::ErrorKind::refused:
        return 5;
    case base::ErrorKind::not_copied:
        return 6;
    }
    return 1;
}

} // namespace dbbackup::cli
