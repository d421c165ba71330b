#include "sys/exit_status.hpp"

#include <cstring>
#include <fmt/format.h>
#include <sys/wait.h>

namespace dbbackup::sys {

ExitStatus exit_status_of(int wait_status) {
    if (WIFSIGNALED(wait_status)) {
        return {.exit_code = 0, .signal_number = WTERMSIG(wait_status)};
    }
    return {.exit_code = WEXITSTATUS(wait_status), .signal_number = 0};
}

std::string ExitStatus::describe() const {
    if (signal_number != 0) {
        return fmt::format("signal {} ({})", signal_number, ::strsignal(signal_number));
    }
    return fmt::format("exit status {}", exit_code);
}

} // namespace dbbackup::sys
