#pragma once

#include <dbbackup/ops/timer.hpp>

#include <optional>
#include <string>

namespace dbbackup::ops {

/// The file in which `schedule on` tells systemd when a timer runs, in the directory of that
/// timer's drop-ins. Both belong to root.
class DropIn {
public:
    /// Looks at what is there. Throws base::Error{refused} if anything has its name that dbbackup
    /// did not write.
    DropIn(const TimerId& timer, const SystemPlaces& places);

    /// Replaces it as a whole, or makes it. Throws base::Error.
    void write(const TimerTime& time) const;
    /// Removes it, and its directory if nothing else is in there. Throws base::Error.
    void remove() const;
    /// Puts back what was there when this object was made. Throws base::Error.
    void restore() const;

    [[nodiscard]] bool was_there() const noexcept { return before_.has_value(); }

private:
    void write_text(const std::string& text) const;

    TimerId timer_;
    std::filesystem::path units_;
    std::string directory_name_;
    std::optional<std::string> before_;
};

} // namespace dbbackup::ops
