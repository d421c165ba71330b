#include "ops/judge_status.hpp"

#include <dbbackup/store/dump_directory.hpp>

#include <algorithm>

namespace dbbackup::ops {

namespace {

using store::DumpDirectory;

std::string manifest_name_of(const std::string& dump) {
    return dump + std::string{store::k_manifest_suffix};
}

/// What cannot be read is no less lost.
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

/// Dumps and prunes may be under way, and between two renames nothing looks right. So what seems
/// wrong is looked at again, and forgotten where it is not so any more.
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
    std::erase_if(survey.lost, [&files](const LostDump& dump) {
        return files.contains(dump.name) || !files.contains(manifest_name_of(dump.name));
    });
}

} // namespace

StatusReport status(const StatusRequest& request, const base::Clock& clock) {
    const auto directory = DumpDirectory::open(request.directory);
    StatusSurvey survey{.dumps = directory.list(),
                        .lost = find_lost(directory),
                        .leftovers = store::find_leftovers(directory),
                        .free_bytes = directory.files().free_space(),
                        // Not before: what came meanwhile is none of the future.
                        .now = clock.now()};
    look_again(directory, survey);
    return judge_status(request, survey);
}

} // namespace dbbackup::ops
