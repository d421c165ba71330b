#pragma once

#include <dbbackup/ops/timer.hpp>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// The properties of a unit, as `systemctl show` writes them. OnCalendar of a timer can stand there
/// several times.
using UnitProperties = std::multimap<std::string, std::string>;

/// systemd's own program, from the PATH. Times that it writes are UTC.
class Systemctl {
public:
    /// `environment` is the caller's. Throws base::Error if there is no systemctl.
    explicit Systemctl(const std::vector<std::string>& environment);

    /// Runs it with `arguments` and returns what it wrote. Throws base::Error if it fails or takes
    /// too long: "systemctl enable … failed: …".
    [[nodiscard]] std::string run(const std::vector<std::string>& arguments,
                                  std::chrono::milliseconds timeout) const;

    /// The properties of `units`, in that order.
    [[nodiscard]] std::vector<UnitProperties> show(const std::vector<std::string>& units) const;

private:
    std::string program_;
    std::vector<std::string> environment_;
};

/// The blocks of `systemctl show`'s output.
[[nodiscard]] std::vector<UnitProperties> parse_units(std::string_view output);

/// The timer and its service as systemd describes them.
[[nodiscard]] TimerState to_state(const TimerId& id, const UnitProperties& timer,
                                  const UnitProperties& service);

} // namespace dbbackup::ops
