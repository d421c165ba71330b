#pragma once

#include <dbbackup/ops/loss.hpp>
#include <dbbackup/store/retention.hpp>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace dbbackup::cli {

/// --keep-last and the other rules, for `prune` and `dump`.
struct RetentionFlags {
    store::RetentionPolicy counts; ///< all but `within`
    std::optional<std::string> within;
    std::string safety = "7d"; ///< "0" for none
    ops::LossLimits losses;

    /// Under the heading `group` of the help.
    void add_to(CLI::App& app, const std::string& group);

    /// True if any rule was given; --keep-safety is not a rule.
    [[nodiscard]] bool any() const;

    /// Throws base::Error{usage} for an invalid policy.
    [[nodiscard]] store::RetentionPolicy policy() const;

    /// Throws base::Error{usage} for --keep-safety without a rule.
    void require_rule_for_safety() const;

private:
    std::vector<CLI::Option*> options_; ///< rules
    CLI::Option* safety_option_ = nullptr;
};

} // namespace dbbackup::cli
