#pragma once

namespace dbbackup::sys {

/// From here on neither this process nor its children leave a core dump, in which passwords and
/// rows would lie on the disk. Called once, by the program's entry.
void forbid_core_dumps() noexcept;

/// While one lives, core dumps are allowed as our caller allowed them: to start a program that is
/// the caller's own.
class CallersCoreLimit {
public:
    CallersCoreLimit() noexcept;
    ~CallersCoreLimit();
    CallersCoreLimit(const CallersCoreLimit&) = delete;
    CallersCoreLimit& operator=(const CallersCoreLimit&) = delete;
};

} // namespace dbbackup::sys
