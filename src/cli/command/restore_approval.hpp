#pragma once

#include "cli/command/commands.hpp"
#include "cli/command/target_confirmation.hpp"
#include "cli/settings/settings.hpp"
#include "cli/terminal/console.hpp"

#include <dbbackup/ops/restore.hpp>

#include <optional>
#include <string>

namespace dbbackup::cli {

/// Shows what a restore will do. If the target holds something, asks (TargetConfirmation).
class RestoreApproval : public ops::Approver {
public:
    RestoreApproval(const Invocation& invocation, ops::RestoreRequest request,
                    const std::optional<std::string>& confirmed);

    /// The checks that need no server. Throws base::Error{refused}.
    void require_right_name() const;

    void require_somebody() override;

    void require_approval(const ops::RestorePlan& plan) override;

private:
    void require_somebody_for(const std::string& reason) const;

    const Settings& settings_;
    Console& console_;
    ops::RestoreRequest request_;
    TargetConfirmation confirmation_;
};

} // namespace dbbackup::cli
