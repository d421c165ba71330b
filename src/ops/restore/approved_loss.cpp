#include "ops/restore/approved_loss.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace dbbackup::ops {

namespace {

[[noreturn]] void throw_changed(const std::string& what) {
    throw base::Error{
        base::ErrorKind::refused, what,
        "Nothing was changed. Stop the programs that use the database, and try again."};
}

/// The user was not asked, and no safety dump was taken, because the target was empty.
void require_still_empty(const pg::DropPlan& plan, const pg::TargetSurvey& approved,
                         const std::string& database) {
    if (approved.empty && !plan.target_empty) {
        throw_changed(fmt::format("database {} was empty a moment ago, but is not empty now",
                                  base::printable(database)));
    }
}

/// Tables that the plan did not show must not be dropped.
void require_approved_tables(const std::vector<pg::TargetTable>& going,
                             const std::vector<pg::TargetTable>& shown) {
    std::set<std::pair<std::string_view, std::string_view>> known;
    for (const pg::TargetTable& table : shown) {
        known.emplace(table.schema, table.name);
    }
    for (const pg::TargetTable& table : going) {
        if (!known.contains({table.schema, table.name})) {
            throw_changed(
                fmt::format("table {}.{} was created in the target meanwhile, and would be lost",
                            base::printable(table.schema), base::printable(table.name)));
        }
    }
}

/// The same for other objects: a schema, a sequence, a publication.
void require_approved_drops(const std::vector<std::string>& drops,
                            const std::vector<std::string>& shown) {
    const std::set<std::string_view> known(shown.begin(), shown.end());
    for (const std::string& statement : drops) {
        // The other statements create `public` again, or check whether that is possible.
        const bool drops_something =
            statement.starts_with("drop ") || statement.find("lo_unlink") != std::string::npos;
        if (drops_something && !known.contains(statement)) {
            throw_changed(fmt::format("the target changed meanwhile; the restore would drop what "
                                      "the plan did not show, by: {}",
                                      base::printable(statement)));
        }
    }
}

/// The same for properties of objects: a grant, a comment.
void require_approved_changes(const std::vector<std::string>& changes,
                              const std::vector<std::string>& shown) {
    for (const std::string& change : changes) {
        if (std::ranges::count(shown, change) == 0) {
            throw_changed(fmt::format("the target changed meanwhile; the restore would lose what "
                                      "the plan did not show: {}",
                                      base::printable(change)));
        }
    }
}

} // namespace

void require_approved(const pg::DropPlan& plan, const pg::TargetSurvey& approved,
                      const RestoreRequest& request) {
    require_still_empty(plan, approved, request.connection.database);
    require_approved_tables(plan.tables, approved.tables);
    require_approved_drops(plan.statements, approved.drop_statements);
    if (request.create == CreateTarget::no) { // the content of template0 belongs to nobody
        require_approved_changes(plan.changes, approved.changes);
    }
}

} // namespace dbbackup::ops
