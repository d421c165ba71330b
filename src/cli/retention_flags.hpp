#pragma once

#include <dbbackup/store/retention.hpp>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace dbbackup::cli {

/// --keep-last and its kin, of `prune` and of `dump`.
struct RetentionFlags {
    store::RetentionPolicy counts; ///< all but `within`
    std::optional<std::string> within;

    /// Below the heading `group` of the help.
    void add_to(CLI::App& app, const std::string& group);

    /// True where any of them was given.
    [[nodiscard]] bool any() const;

    /// Throws base::Error{usage} for what is no policy.
    [[nodiscard]] store::RetentionPolicy policy() const;

private:
    std::vector<CLI::Option*> options_;
};

} // namespace dbbackup::cli
