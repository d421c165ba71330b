#pragma once

#include "cli/command/commands.hpp"
#include "cli/command/dump_flags.hpp"
#include "cli/several/several.hpp"

#include <CLI/CLI.hpp>

namespace dbbackup::cli {

/// What `dump` dumps of a whole server.
struct ServerDumpFlags {
    bool all_databases = false;
    bool globals = false;
    bool role_passwords = false;

    void add_to(CLI::App& app);
    /// Throws base::Error{usage} if an option was given that leaves a part of a database out.
    void require_whole() const;

    [[nodiscard]] bool any() const noexcept { return all_databases || globals; }

private:
    CLI::App* app_ = nullptr;
};

/// Runs `dump --all-databases` or `dump --globals`; returns the exit code.
[[nodiscard]] int run_server_dump(const ServerDumpFlags& flags, const DumpFlags& dump,
                                  const SeveralFlags& several, const Invocation& invocation);

} // namespace dbbackup::cli
