#pragma once

#include "cli/command/commands.hpp"
#include "cli/command_line/restore_command.hpp"
#include "cli/settings/settings.hpp"
#include "cli/terminal/console.hpp"

#include <dbbackup/ops/restore.hpp>

#include <optional>
#include <string>

namespace dbbackup::cli {

/// Shows what a restore will do. If the target holds something, asks for confirmation: at a
/// terminal, the user types the database's name and has three seconds to cancel; otherwise
/// --confirm must give the name, alone or with the server (full_name_of()).
class RestoreApproval : public ops::Approver {
public:
    RestoreApproval(const Invocation& invocation, ops::RestoreRequest request,
                    std::optional<std::string> confirmed);

    /// The checks that need no server. Throws base::Error{refused}.
    void require_right_name() const;

    void require_somebody() override;

    void require_approval(const ops::RestorePlan& plan) override;

private:
    void require_somebody_for(const std::string& reason) const;
    void require_server(const ops::RestorePlan& plan) const;
    void ask_for_name() const;
    void count_down() const;

    const Settings& settings_;
    Console& console_;
    ops::RestoreRequest request_;
    std::string database_;
    std::optional<std::string> confirmed_;
    bool at_terminal_;
};

} // namespace dbbackup::cli
