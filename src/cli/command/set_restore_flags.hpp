#pragma once

#include "cli/command/commands.hpp"

#include <dbbackup/ops/restore.hpp>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace dbbackup::cli {

/// What `restore` restores of a whole server.
struct SetRestoreFlags {
    std::optional<std::string> name;
    bool role_attributes = false;
    bool skip_existing = false;

    void add_to(CLI::App& app);
    /// Throws base::Error{usage} if an option of a restore of one dump was given too.
    void require_alone() const;

private:
    CLI::App* app_ = nullptr;
};

/// Runs `restore --set`, each database as `request` says.
void run_set_restore(const SetRestoreFlags& flags, const ops::RestoreRequest& request, bool dry_run,
                     const Invocation& invocation);

} // namespace dbbackup::cli
