#include "ops/status/judge_status.hpp"

#include "ops/status/judge_database.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_series.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <set>
#include <tuple>

namespace dbbackup::ops {

namespace {

/// Whether what has no manifest is wanted: only the name of its database is known.
bool is_wanted(const StatusRequest& request, const std::optional<std::string>& database) {
    if (request.databases.empty() && !request.only_expected) {
        return true;
    }
    const bool is_expected =
        request.only_expected && database &&
        std::ranges::count(request.expected, *database, &ExpectedDatabase::own_name) > 0;
    return is_expected || (database && std::ranges::count(request.databases, *database) > 0);
}

bool is_wanted(const StatusRequest& request, const store::DumpEntry& dump) {
    if (!request.only_expected) {
        return is_wanted(request, dump.database());
    }
    return std::ranges::count(request.databases, dump.database().value_or("")) > 0 ||
           std::ranges::any_of(request.expected, [&dump](const ExpectedDatabase& expected) {
               return expected.database.has(dump.manifest);
           });
}

std::string hint_of(const Loss& loss, const base::CommandLine& command_line) {
    const std::string accept =
        fmt::format("If this is right, accept it: {}",
                    command_line.another_for(loss.identity.database, {"prune", "--accept-loss"}));
    return loss.before.empty()
               ? accept
               : fmt::format("{}. If not, bring back what is missing from the dump before: {}",
                             accept, command_line.another({"show", loss.before}));
}

void tell_of_losses(std::vector<DatabaseStatus>& databases, const StatusRequest& request,
                    const StatusSurvey& survey) {
    const auto losses = find_losses(survey.dumps, request.limits.of_loss(), survey.now);
    for (DatabaseStatus& database : databases) {
        const Loss* loss = find_loss_of(
            losses, {.host = database.host, .port = database.port, .database = database.name});
        if (loss == nullptr) {
            continue;
        }
        database.loss = *loss;
        database.warnings.push_back(
            {.kind = WarningKind::held_after_loss,
             .gravity = Gravity::unhealthy,
             .message = fmt::format(
                 "it may not be the database that was dumped before, or it has lost something, so "
                 "prune deletes none of its dumps: since '{}', {}",
                 base::printable(loss->dump),
                 base::without_marks(fmt::format("{}", fmt::join(loss->changes, "; ")))),
             .hint = hint_of(*loss, request.command_line)});
    }
}

std::vector<DatabaseStatus> judge_databases(const StatusRequest& request,
                                            const StatusSurvey& survey) {
    std::map<store::Identity, Dumps> groups;
    for (const store::DumpEntry& dump : survey.dumps) {
        if (dump.manifest && !dump.is_second_name() && is_wanted(request, dump)) {
            groups[store::identity_of(*dump.manifest)].push_back(&dump);
        }
    }
    std::vector<DatabaseStatus> databases;
    databases.reserve(groups.size());
    for (const auto& [identity, dumps] : groups) {
        databases.push_back(
            judge_database(dumps, request.limits_of(identity), survey.now, request.command_line));
    }
    tell_of_losses(databases, request, survey);
    std::ranges::sort(databases, {}, [](const DatabaseStatus& status) {
        return std::tie(status.name, status.host, status.port);
    });
    return databases;
}

bool is_known(const std::optional<std::string>& database, const StatusReport& report) {
    return std::ranges::count(report.databases, database, &DatabaseStatus::name) > 0;
}

StatusWarning no_dumps(const StatusRequest& request, const std::string& of,
                       const std::string& dump_command) {
    return {
        .kind = WarningKind::no_dumps,
        .gravity = Gravity::unhealthy,
        .message = fmt::format("there is no dump{} with a readable manifest in '{}'", of,
                               base::printable(request.directory.native())),
        .hint = fmt::format(
            "If its dumps are elsewhere, name their directory with --dir. Otherwise take one: {}",
            dump_command)};
}

bool has_dumps(const ExpectedDatabase& expected, const StatusReport& report) {
    return std::ranges::any_of(report.databases, [&](const DatabaseStatus& status) {
        return status.dumps > 0 && expected.database.is_it({status.host, status.port, status.name});
    });
}

void tell_of_no_dumps(StatusReport& report, const StatusRequest& request) {
    const std::string dump = request.command_line.another({"dump"});
    if (request.databases.empty() && request.expected.empty() && report.databases.empty()) {
        report.warnings.push_back(no_dumps(request, "", dump));
    }
    for (const ExpectedDatabase& expected : request.expected) {
        if (!has_dumps(expected, report)) {
            report.warnings.push_back(no_dumps(request,
                                               fmt::format(" of [database.{}] ({})",
                                                           base::printable(expected.database.name),
                                                           base::printable(expected.address)),
                                               expected.dump_command));
        }
    }
    for (const std::string& name : std::set(request.databases.begin(), request.databases.end())) {
        if (!is_known(name, report)) {
            report.warnings.push_back(
                no_dumps(request, fmt::format(" of a database '{}'", base::printable(name)), dump));
        }
    }
}

/// The databases that the dump may be of, by its name, and that have no newer one.
std::vector<std::size_t> databases_behind(const store::DumpEntry& dump,
                                          const StatusReport& report) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < report.databases.size(); ++i) {
        const DatabaseStatus& database = report.databases[i];
        if (dump.database() == database.name &&
            (!database.newest || is_newer(&dump, &database.newest->dump))) {
            found.push_back(i);
        }
    }
    return found;
}

/// Dumps without a readable manifest: only their names show the database.
void tell_of_unreadable(StatusReport& report, const StatusRequest& request,
                        const StatusSurvey& survey) {
    const auto warn = [](std::vector<StatusWarning>& warnings, Gravity gravity, Dumps dumps) {
        if (!dumps.empty()) {
            std::ranges::sort(dumps, is_newer);
            warnings.push_back(
                problem_of(WarningKind::unreadable, gravity, dumps, "cannot be judged"));
        }
    };
    std::vector<Dumps> newer(report.databases.size());
    Dumps strange; // of databases without any other dump
    Dumps other;
    for (const store::DumpEntry& dump : survey.dumps) {
        if (dump.manifest || dump.is_foreign() || !is_wanted(request, dump.database())) {
            continue;
        }
        const bool is_past = dump.started_at() && *dump.started_at() <= survey.now;
        const auto behind = databases_behind(dump, report);
        for (const std::size_t i : is_past ? behind : std::vector<std::size_t>{}) {
            newer[i].push_back(&dump);
        }
        if (is_past && !is_known(dump.database(), report)) {
            strange.push_back(&dump);
        } else if (!is_past || behind.empty()) {
            other.push_back(&dump);
        }
    }
    for (std::size_t i = 0; i < newer.size(); ++i) {
        warn(report.databases[i].warnings, Gravity::unhealthy, newer[i]);
    }
    warn(report.warnings, Gravity::unhealthy, strange);
    warn(report.warnings, Gravity::told, other);
}

/// Untrusted users' dumps whose database is unknown.
void tell_of_foreign(StatusReport& report, const StatusRequest& request,
                     const StatusSurvey& survey) {
    Dumps foreign;
    for (const store::DumpEntry& dump : survey.dumps) {
        if (!dump.manifest && dump.is_foreign() && is_wanted(request, dump.database())) {
            foreign.push_back(&dump);
        }
    }
    if (!foreign.empty()) {
        std::ranges::sort(foreign, is_newer);
        report.warnings.push_back(foreign_dumps(foreign));
    }
}

void tell_of_leftovers(StatusReport& report, const StatusRequest& request,
                       const StatusSurvey& survey) {
    std::vector<std::string> all;
    for (const store::Leftover& leftover : survey.leftovers) {
        if (!is_wanted(request, leftover.database) || !leftover.is_stale(survey.now)) {
            continue;
        }
        all.push_back(base::printable(leftover.name));
        for (DatabaseStatus& status : report.databases) {
            if (status.name == leftover.database) {
                status.leftovers.push_back(leftover.name);
            }
        }
    }
    report.leftovers = all.size();
    if (!all.empty()) {
        report.warnings.push_back(
            {.kind = WarningKind::leftovers,
             .gravity = Gravity::unhealthy,
             .message =
                 fmt::format("killed runs have left {}: {}",
                             all.size() == 1 ? "1 file" : fmt::format("{} files", all.size()),
                             base::list_some(all, k_most_shown)),
             .hint = "The next dbbackup prune deletes them. Find out what killed the run: most "
                     "often too little memory or a time limit."});
    }
}

void tell_of_lost(StatusReport& report, const StatusRequest& request, const StatusSurvey& survey) {
    std::vector<std::string> names;
    for (const LostDump& lost : survey.lost) {
        if (is_wanted(request, lost.database)) {
            names.push_back(base::printable(lost.name));
        }
    }
    if (!names.empty()) {
        report.warnings.push_back(
            {.kind = WarningKind::lost,
             .gravity = Gravity::unhealthy,
             .message = fmt::format(
                 "the dump is missing or not a regular file, but its manifest exists: {}",
                 base::list_some(names, k_most_shown)),
             .hint = "Somebody or something removed or replaced it. Get it back from a copy, or "
                     "remove its manifest (.json) too."});
    }
}

void judge_free_space(StatusReport& report) {
    std::uint64_t newest = 0;
    for (const DatabaseStatus& database : report.databases) {
        newest += database.newest ? database.newest->dump.size : 0;
    }
    // Databases grow, and compress worse on some days than on others.
    const std::uint64_t needed = newest + newest / 5;
    if (report.free_bytes < needed) {
        report.warnings.push_back(
            {.kind = WarningKind::disk_nearly_full,
             .gravity = Gravity::unhealthy,
             .message = fmt::format("{} are free, the next dumps need about {}",
                                    base::format_byte_size(report.free_bytes),
                                    base::format_byte_size(needed)),
             .hint = "Free some space there, or keep fewer dumps: dbbackup prune --dry-run"});
    }
}

} // namespace

const StatusLimits& StatusRequest::limits_of(const store::Identity& identity) const {
    const auto found = std::ranges::find_if(
        expected, [&](const ExpectedDatabase& one) { return one.database.is_it(identity); });
    return found == expected.end() ? limits : found->limits;
}

StatusReport judge_status(const StatusRequest& request, const StatusSurvey& survey) {
    StatusReport report{.directory = request.directory,
                        .now = survey.now,
                        .free_bytes = survey.free_bytes,
                        .leftovers = 0,
                        .databases = judge_databases(request, survey),
                        .remotes = {},
                        .timers_problem = {},
                        .warnings = {}};
    tell_of_no_dumps(report, request);
    tell_of_unreadable(report, request, survey);
    tell_of_foreign(report, request, survey);
    tell_of_leftovers(report, request, survey);
    tell_of_lost(report, request, survey);
    judge_free_space(report);
    return report;
}

} // namespace dbbackup::ops
