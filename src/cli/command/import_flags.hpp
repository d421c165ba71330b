#pragma once

#include "cli/command/commands.hpp"
#include "cli/command/dump_choice_flags.hpp"
#include "cli/command/remote_flags.hpp"

#include <dbbackup/ops/import.hpp>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// The options of `import`.
struct ImportFlags {
    std::string source = "latest";
    DumpChoiceFlags choice;
    std::string mode;
    std::vector<std::string> tables;
    std::vector<std::string> maps;
    std::vector<std::string> keys;
    std::vector<std::string> newer_by;
    std::string prefer;
    bool trust_ids = false;
    bool keep_ids = false;
    std::string triggers;
    bool skip_conflicts = false;
    bool dry_run = false;
    bool no_safety_dump = false;
    std::optional<std::string> safety_dir;
    std::string lock_timeout = "30s";
    std::optional<std::string> confirm;
    std::optional<std::string> undo;
    FromFlag from;

    void add_to(CLI::App& app);

    /// Throws base::Error{usage} if they make no sense together.
    [[nodiscard]] ops::ImportRequest to_request(const Invocation& invocation) const;
    [[nodiscard]] pg::PlacingTriggers chosen_triggers() const;
};

} // namespace dbbackup::cli
