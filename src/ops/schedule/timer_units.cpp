#include "ops/schedule/timer_units.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/schedule.hpp>
#include <dbbackup/sys/names_in.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

namespace dbbackup::ops {

namespace {

constexpr std::string_view k_dump_prefix = "dbbackup@";
constexpr std::string_view k_drill_prefix = "dbbackup-drill@";
constexpr std::string_view k_timer_suffix = ".timer";
constexpr std::string_view k_service_suffix = ".service";
/// A user's name has at most 31 characters, and that of the service is dbbackup-NAME.
constexpr std::size_t k_most_characters = 22;

std::string_view prefix_of(TimerJob job) {
    return job == TimerJob::dump ? k_dump_prefix : k_drill_prefix;
}

bool is_there(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

} // namespace

std::string_view name_of(TimerJob job) noexcept {
    return job == TimerJob::dump ? "dump" : "drill";
}

std::string TimerId::timer_unit() const {
    return fmt::format("{}{}{}", prefix_of(job), instance, k_timer_suffix);
}

std::string TimerId::service_unit() const {
    return fmt::format("{}{}{}", prefix_of(job), instance, k_service_suffix);
}

void require_instance_name(const std::string& name) {
    constexpr std::string_view k_allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (name.empty() || name.size() > k_most_characters ||
        name.find_first_not_of(k_allowed) != std::string::npos || name.starts_with('-')) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("'{}' cannot be the name of a schedule", base::printable(name)),
            fmt::format("It becomes part of the name of a user and of a file. Use letters, digits, "
                        "_ and - only, at most {}, and no - in front. It need not be the "
                        "database's name.",
                        k_most_characters)};
    }
}

std::string drop_in_directory(const TimerId& timer) {
    return timer.timer_unit() + ".d";
}

std::optional<TimerId> parse_timer_unit(std::string_view name) {
    for (const TimerJob job : {TimerJob::dump, TimerJob::drill}) {
        const std::string_view prefix = prefix_of(job);
        if (name.starts_with(prefix) && name.ends_with(k_timer_suffix) &&
            name.size() > prefix.size() + k_timer_suffix.size()) {
            name.remove_prefix(prefix.size());
            name.remove_suffix(k_timer_suffix.size());
            return TimerId{.job = job, .instance = std::string{name}};
        }
    }
    return std::nullopt;
}

std::vector<IntendedTimer> find_intended_timers(const SystemPlaces& places) {
    std::vector<IntendedTimer> timers;
    const auto add = [&timers](const TimerId& id, bool is_scheduled) {
        const auto known = std::ranges::find(timers, id, &IntendedTimer::id);
        if (known == timers.end()) {
            timers.push_back({.id = id, .is_scheduled = is_scheduled});
        } else {
            known->is_scheduled = known->is_scheduled || is_scheduled;
        }
    };
    for (std::string name : sys::names_in(places.units)) {
        if (!name.ends_with(".d")) {
            continue;
        }
        const bool has_drop_in = is_there(places.units / name / k_drop_in);
        name.resize(name.size() - std::string_view{".d"}.size());
        const auto id = parse_timer_unit(name);
        if (id && has_drop_in) {
            add(*id, true);
        }
    }
    for (const std::string& name : sys::names_in(places.units / "timers.target.wants")) {
        if (const auto id = parse_timer_unit(name)) {
            add(*id, false);
        }
    }
    std::ranges::sort(timers, {}, [](const IntendedTimer& timer) {
        return std::tie(timer.id.instance, timer.id.job);
    });
    return timers;
}

} // namespace dbbackup::ops
