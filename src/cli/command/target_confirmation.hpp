#pragma once

#include "cli/command/commands.hpp"
#include "cli/terminal/console.hpp"

#include <optional>
#include <string>

namespace dbbackup::cli {

/// Asks before rows of a database are replaced: at a terminal, the user types the database's name
/// and has three seconds to cancel; otherwise --confirm must give the name, alone or with the
/// server (full_name_of()).
class TargetConfirmation {
public:
    TargetConfirmation(const Invocation& invocation, std::string database,
                       std::optional<std::string> confirmed);

    [[nodiscard]] bool at_terminal() const noexcept { return at_terminal_; }

    /// The checks that need no server. Throws base::Error{refused}.
    void require_right_name() const;
    /// The same once the server is known.
    void require_server(const std::string& host, int port) const;
    /// Throws base::Error{refused} if nobody can answer: `reason` says why there is a question,
    /// `hint` what to do.
    void require_somebody(const std::string& reason, const std::string& hint) const;
    /// Returns if the user agrees; else throws base::Error{refused} or base::Interrupted. `deed`:
    /// "Restoring".
    void ask(const std::string& deed) const;

private:
    void ask_for_name() const;
    void count_down(const std::string& deed) const;

    Console& console_;
    std::string database_;
    std::optional<std::string> confirmed_;
    bool at_terminal_;
};

} // namespace dbbackup::cli
