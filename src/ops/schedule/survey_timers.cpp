#include "ops/schedule/systemctl.hpp"
#include "ops/schedule/timer_units.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>

#include <filesystem>

namespace dbbackup::ops {

namespace {

void ask_systemd(TimerSurvey& survey, const std::vector<std::string>& environment) {
    std::vector<std::string> units;
    for (const TimerState& timer : survey.timers) {
        units.insert(units.end(), {timer.id.timer_unit(), timer.id.service_unit()});
    }
    const auto blocks = Systemctl{environment}.show(units);
    for (std::size_t i = 0; i < survey.timers.size(); ++i) {
        const bool is_scheduled = survey.timers[i].is_scheduled;
        survey.timers[i] = to_state(survey.timers[i].id, blocks[2 * i], blocks[2 * i + 1]);
        survey.timers[i].is_scheduled = is_scheduled;
    }
}

} // namespace

TimerSurvey survey_timers(const SystemPlaces& places, const std::vector<std::string>& environment,
                          const DirectoryOfInstance& directory_of) {
    TimerSurvey survey;
    for (const IntendedTimer& intended : find_intended_timers(places)) {
        survey.timers.emplace_back();
        survey.timers.back().id = intended.id;
        survey.timers.back().is_scheduled = intended.is_scheduled;
    }
    if (survey.timers.empty()) {
        return survey;
    }
    std::error_code ignored;
    if (!std::filesystem::exists(places.booted, ignored)) {
        survey.problem = "systemd does not run this machine";
        return survey;
    }
    try {
        ask_systemd(survey, environment);
    } catch (const base::Error& error) {
        survey.problem = base::without_marks(error.what());
        return survey;
    }
    for (TimerState& timer : survey.timers) {
        // The drill's service does not read that file.
        const auto named =
            timer.id.job == TimerJob::dump ? directory_of(timer.id.instance) : std::nullopt;
        if (named) {
            timer.directory = *named;
        }
    }
    return survey;
}

} // namespace dbbackup::ops
