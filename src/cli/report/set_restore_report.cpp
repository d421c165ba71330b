#include "cli/report/set_restore_report.hpp"

#include "cli/report/json_values.hpp"
#include "cli/terminal/counted.hpp"

#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

using Fate = ops::PlannedDatabase::Fate;

const char* name_of(Fate fate) {
    switch (fate) {
    case Fate::create:
        return "create";
    case Fate::fill:
        return "fill";
    case Fate::skip:
        return "skip";
    }
    return "skip";
}

const char* explain(Fate fate) {
    switch (fate) {
    case Fate::create:
        return "new";
    case Fate::fill:
        return "there and empty: keeps its own properties";
    case Fate::skip:
        return "holds objects: left as it is";
    }
    return "";
}

std::string list_or_none(const std::vector<std::string>& names) {
    return names.empty() ? "none" : base::list_all(names);
}

} // namespace

std::string to_text(const ops::SetRestoreReport& report) {
    std::string text = fmt::format(
        "{} {} on {}:{} (PostgreSQL {})\nnew roles: {}\nroles that exist, left as they are: {}\n",
        report.dry_run ? "would restore" : "restored", base::printable(report.set_path),
        base::printable(report.host), report.port, base::printable(report.server_version),
        list_or_none(report.new_roles), list_or_none(report.existing_roles));
    for (const ops::PlannedDatabase& database : report.databases) {
        text += fmt::format("database {}: {} ({})\n", base::printable(database.name),
                            explain(database.fate), base::printable(database.dump));
    }
    if (report.dry_run) { // else each was a warning
        for (const std::string& what : report.left_out) {
            text += fmt::format("not restored: {}\n", base::printable(what));
        }
    }
    return text;
}

std::string to_json(const ops::SetRestoreReport& report) {
    Json databases = Json::array();
    for (const ops::PlannedDatabase& database : report.databases) {
        databases.push_back({{"name", text(database.name)},
                             {"dump", text(database.dump)},
                             {"action", name_of(database.fate)}});
    }
    return finish({{"set", text(report.set_path)},
                   {"dry_run", report.dry_run},
                   {"host", text(report.host)},
                   {"port", report.port},
                   {"server_version", text(report.server_version)},
                   {"new_roles", texts(report.new_roles)},
                   {"existing_roles", texts(report.existing_roles)},
                   {"left_out", texts(report.left_out)},
                   {"databases", std::move(databases)}});
}

std::string result_line(const ops::SetRestoreReport& report) {
    return fmt::format(
        "{} set '{}' on {}:{}: {}, {}", report.dry_run ? "dry run: would restore" : "restored",
        base::printable(report.set_path), base::printable(report.host), report.port,
        counted(report.new_roles.size(), "new role"), counted(report.databases.size(), "database"));
}

} // namespace dbbackup::cli
