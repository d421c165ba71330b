#include "ops/status/status_survey.hpp"

#include <dbbackup/store/dump_directory.hpp>

#include <algorithm>

namespace dbbackup::ops {

namespace {

using store::DumpDirectory;

/// A dump with an unreadable manifest is lost too.
std::optional<std::string> database_of_lost(const DumpDirectory& directory,
                                            const std::string& dump) {
    if (const auto manifest = directory.find_manifest(dump)) {
        return manifest->database.name;
    }
    const auto parsed = store::parse_dump_name(dump);
    return parsed ? std::optional{parsed->database} : std::nullopt;
}

std::vector<LostDump> find_lost(const DumpDirectory& directory) {
    std::vector<LostDump> lost;
    for (const std::string& name : directory.lost()) {
        lost.push_back({.name = name, .database = database_of_lost(directory, name)});
    }
    return lost;
}

/// Whether a problem concerns a database that a run may be working on.
bool may_be_settled_soon(const DumpDirectory& directory, const StatusSurvey& survey) {
    const auto is_at_work = [&directory](const std::optional<std::string>& database) {
        return database && directory.may_be_locked(*database);
    };
    return std::ranges::any_of(survey.dumps,
                               [&](const store::DumpEntry& dump) {
                                   return !dump.problem.empty() && is_at_work(dump.database());
                               }) ||
           std::ranges::any_of(survey.leftovers,
                               [&](const store::Leftover& leftover) {
                                   return leftover.is_stale(survey.now) &&
                                          is_at_work(leftover.database);
                               }) ||
           std::ranges::any_of(survey.lost, is_at_work, &LostDump::database);
}

/// Dumps and prunes may be running, and between two renames the directory looks wrong. So problems
/// are checked again, and dropped if they are gone.
void look_again(const DumpDirectory& directory, StatusSurvey& survey) {
    const sys::Directory& files = directory.files();
    std::vector<store::DumpEntry> dumps;
    for (store::DumpEntry& dump : survey.dumps) {
        if (dump.problem.empty()) {
            dumps.push_back(std::move(dump));
        } else if (auto again = directory.find(dump.name)) {
            dumps.push_back(std::move(*again));
        }
    }
    survey.dumps = std::move(dumps);
    std::erase_if(survey.leftovers, [&files](const store::Leftover& leftover) {
        return !files.contains(leftover.name);
    });
    std::erase_if(survey.lost,
                  [&directory](const LostDump& dump) { return !directory.is_lost(dump.name); });
}

} // namespace

StatusSurvey survey_dumps(const DumpDirectory& directory, const base::Clock& clock,
                          const std::function<void()>& pause) {
    StatusSurvey survey{.dumps = directory.list(),
                        .lost = find_lost(directory),
                        .leftovers = store::find_leftovers(directory),
                        .free_bytes = directory.files().free_space(),
                        // Not earlier: a dump added in the meantime is not from the future.
                        .now = clock.now()};
    if (may_be_settled_soon(directory, survey)) {
        pause();
    }
    look_again(directory, survey);
    return survey;
}

} // namespace dbbackup::ops
