#include "ops/restore/restore_refusals.hpp"

#include "ops/part/part_choice.hpp"
#include "ops/part/part_dependents.hpp"
#include "ops/restore/proposal.hpp"
#include "ops/restore/restore_plan.hpp"
#include "ops/target/extension_packages.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/predefined_role.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <set>

namespace dbbackup::ops {

namespace {

constexpr std::size_t k_most_conflicts_listed = 5;

std::string shown(const pg::DumpObject& object) {
    return object.kind + " " + base::dotted_name(object.schema, object.name);
}

/// " (14 of its 14 tables)"; empty if no table conflicts.
std::string count_of_tables(const pg::TargetSurvey& survey, const pg::DumpSummary& restored) {
    const auto count = [](const std::vector<pg::DumpObject>& objects) {
        return std::ranges::count(objects, "table", &pg::DumpObject::kind);
    };
    const auto there = count(survey.conflicts);
    return there == 0
               ? std::string{}
               : fmt::format(" ({} of its {} table{})", there, count(restored.inventory.objects),
                             count(restored.inventory.objects) == 1 ? "" : "s");
}

/// What can be restored into an empty database: rows need their tables, and a chosen part may need
/// a schema or a type of the rest.
std::string propose_elsewhere(const RestoreRequest& request, const pg::DumpSummary& restored) {
    return chooses_part(request)
               ? "restore the whole dump, without -t and -n, into a new database with --create."
           : restored.holds_rows_alone() ? ""
                                         : "restore into a new database with --create.";
}

void require_roles(const RestoreRequest& request, const std::vector<std::string>& missing,
                   int server_major) {
    if (missing.empty()) {
        return;
    }
    std::vector<std::string> predefined;
    std::ranges::copy_if(missing, std::back_inserter(predefined), pg::is_predefined_role);
    const std::string without_them =
        "leave owners and privileges out: " + propose(request, {"--no-owner", "--no-privileges"});
    if (!predefined.empty()) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("the dump names predefined roles that PostgreSQL {} does not have: {}",
                        server_major, base::list_some(predefined)),
            "Nobody can create them. Use a server of a later version, or " + without_them};
    }
    throw base::Error{
        base::ErrorKind::refused,
        fmt::format("the dump names roles that the server lacks: {}", base::list_some(missing)),
        "Create them first (CREATE ROLE …), or " + without_them};
}

} // namespace

void require_no_outside_functions(const RestoreRequest& request, const pg::DumpSummary& restored) {
    const auto& functions = restored.inventory.outside_functions;
    if (request.outside_files == pg::OutsideFiles::load || functions.empty()) {
        return;
    }
    const pg::OutsideFunction& first = functions.front();
    throw base::Error{
        base::ErrorKind::refused,
        fmt::format("the dump's C function {} makes the server load the file '{}'{}",
                    base::printable(first.schema + "." + first.name), base::printable(first.file),
                    functions.size() > 1
                        ? fmt::format(", and {} more such functions", functions.size() - 1)
                        : ""),
        "Nothing was changed. The file is outside the server's library directory, and would run "
        "with all rights of the server. If you know the file and trust it: " +
            propose(request, {"--allow-c-path"})};
}

void require_version(const RestoreRequest& request, const store::DumpEntry& entry,
                     const pg::DumpSummary& restored, const pg::ServerInfo& server) {
    const std::string& version = entry.manifest ? entry.manifest->database.server_version
                                                : restored.inventory.server_version;
    const int dumped = base::leading_number(version);
    const int present = pg::major_version(server.version_number);
    if (dumped > present && request.downgrade == Downgrade::refuse) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("the dump is from PostgreSQL {}, but the target's server is {}", dumped,
                        present),
            "Restore into a server of that version or later, or try anyway: " +
                propose(request, {"--allow-downgrade"})};
    }
}

void require_no_dependents(const RestoreRequest& request,
                           const std::vector<std::string>& dependents, pg::DropScope scope,
                           const std::string& part) {
    if (!dependents.empty()) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("objects outside {} depend on objects to be dropped, and would be lost: {}",
                        chooses_part(request) ? "your choice" : "the dump",
                        base::list_some(dependents)),
            scope == pg::DropScope::dumped_schemas && part.empty()
                ? fmt::format("If you do not need them: drop them first, or drop everything in the "
                              "target: {}. Otherwise restore into a new database with --create.",
                              propose(request, {"--exact"}))
            : chooses_part(request) ? "If the dump holds them, restore them too with -t or -n. If "
                                      "you do not need them, drop them first. Or restore the whole "
                                      "dump, without -t and -n, into a new database with --create."
                                    : "Drop them first if you do not need them, or restore into a "
                                      "new database with --create."};
    }
}

void require_rights(const RestoreRequest& request, const std::vector<pg::Objection>& objections) {
    if (objections.empty()) {
        return;
    }
    std::vector<std::string> reasons;
    std::vector<std::string> remedies;
    std::set<std::string> flags;
    for (const pg::Objection& objection : objections) {
        reasons.push_back(objection.reason);
        remedies.push_back(objection.remedy);
        flags.insert(objection.flag);
    }
    // Half of the remedies do not help.
    if (std::ranges::any_of(objections, [](const pg::Objection& one) {
            return one.remedy.empty() && one.flag.empty();
        })) {
        remedies.clear();
    }
    std::erase(remedies, "");
    const std::string otherwise =
        flags.contains("")
            ? "restore as a superuser."
            : fmt::format("leave that out: {}", propose(request, {flags.begin(), flags.end()}));
    throw base::Error{
        base::ErrorKind::refused,
        fmt::format("your role lacks rights for this restore: {}", base::list_some(reasons)),
        remedies.empty()
            ? fmt::format("Nothing was changed. You can {}", otherwise)
            : fmt::format("Nothing was changed. As a superuser, run in that database: {} Or {}",
                          base::printable(fmt::format("{}", fmt::join(remedies, " "))), otherwise)};
}

void require_safe(const RestoreRequest& request, const CheckedDump& dump,
                  const pg::DumpSummary& restored, const pg::ServerInfo& server,
                  const pg::TargetSurvey& survey, pg::DropScope scope, const std::string& part) {
    if (!survey.conflicts.empty()) {
        std::vector<std::string> names;
        std::ranges::transform(survey.conflicts, std::back_inserter(names), shown);
        const std::string elsewhere = propose_elsewhere(request, restored);
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("database '{}' already contains objects of the dump{}: {}",
                        base::printable(request.connection.database),
                        count_of_tables(survey, restored),
                        base::list_some(names, k_most_conflicts_listed)),
            request.clean == Clean::nothing
                ? fmt::format(
                      "To drop them first, after a safety dump and in one transaction: {}{}",
                      propose(request, {"--clean"}), elsewhere.empty() ? "" : ". Or " + elsewhere)
                : "Drop them first" + (elsewhere.empty() ? "." : ", or " + elsewhere)};
    }
    if (chooses_part(request)) {
        require_no_dependents_of_part(request, survey.dependents, dump);
    }
    require_no_dependents(request, survey.dependents, scope, part);
    if (request.owners == pg::Treatment::run || request.privileges == pg::Treatment::run) {
        require_roles(request, survey.missing_roles, pg::major_version(server.version_number));
    }
    if (!survey.missing_extensions.empty()) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("the dump needs extensions that the server lacks: {}",
                        base::list_some(survey.missing_extensions)),
            how_to_install(survey.missing_extensions, pg::major_version(server.version_number))};
    }
}

} // namespace dbbackup::ops
