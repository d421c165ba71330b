#pragma once

#include "cli/settings/settings.hpp"

#include <dbbackup/ops/identity.hpp>

#include <CLI/CLI.hpp>
#include <memory>

namespace dbbackup::cli {

/// Adds --identity to a command that reads sealed dumps.
void add_identity_flag(CLI::App& app);

/// The identity that the command `app` got: from its flag or the environment; null if there is
/// none, or if the command has no use for it. It is not opened yet.
[[nodiscard]] std::shared_ptr<const ops::IdentityFile> identity_of(const CLI::App& app,
                                                                   const Settings& settings);

} // namespace dbbackup::cli
