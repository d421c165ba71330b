#include "cli/command/restore_approval.hpp"

#include "cli/report/restore_text.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

RestoreApproval::RestoreApproval(const Invocation& invocation, ops::RestoreRequest request,
                                 const std::optional<std::string>& confirmed)
    : settings_(invocation.settings), console_(invocation.console), request_(std::move(request)),
      confirmation_(invocation, request_.connection.database, confirmed) {
}

void RestoreApproval::require_right_name() const {
    confirmation_.require_right_name();
}

void RestoreApproval::require_somebody() {
    require_somebody_for("is not empty");
}

void RestoreApproval::require_somebody_for(const std::string& reason) const {
    const base::CommandLine& line = request_.command_line;
    const std::string& database = request_.connection.database;
    confirmation_.require_somebody(
        fmt::format("database '{}' {}", base::printable(database), reason),
        fmt::format("To see what would happen: {}. To restore without being asked: {}",
                    line.again({request_.dump, "--dry-run"}),
                    line.again({request_.dump, "--confirm", database})));
}

void RestoreApproval::require_approval(const ops::RestorePlan& plan) {
    confirmation_.require_server(plan.host, plan.port);
    if (confirmation_.at_terminal() || !settings_.quiet()) {
        console_.print_message(
            to_text(plan, settings_.verbose() ? TableList::whole : TableList::shortened,
                    console_.message_screen()));
    }
    if (!plan.asks) {
        return; // nothing can be lost
    }
    require_somebody_for(plan.target_empty ? fmt::format("holds no objects, but would lose {}",
                                                         base::printable(plan.changes.front()))
                                           : "is not empty");
    confirmation_.ask("Restoring");
}

} // namespace dbbackup::cli
