#pragma once

namespace dbbackup::sys {

/// Disables core dumps for this process and its children: they would put passwords and rows on the
/// disk. Called once, at the program's start.
void forbid_core_dumps() noexcept;

/// While one lives, the caller's limit on core dumps applies: for starting the caller's own
/// program.
class CallersCoreLimit {
public:
    CallersCoreLimit() noexcept;
    ~CallersCoreLimit();
    CallersCoreLimit(const CallersCoreLimit&) = delete;
    CallersCoreLimit& operator=(const CallersCoreLimit&) = delete;
};

} // namespace dbbackup::sys
