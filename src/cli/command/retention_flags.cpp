#include "cli/command/retention_flags.hpp"

#include "cli/command/duration_flags.hpp"

#include <dbbackup/base/error.hpp>

#include <algorithm>

namespace dbbackup::cli {

namespace {

/// CLI11 itself reads 010 as eight and an empty value as 0: too few dumps would be kept.
std::string check_count(const std::string& text) {
    const bool is_decimal =
        !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    return is_decimal && (text == "0" || !text.starts_with('0'))
               ? std::string{}
               : "'" + text + "' is not a number of dumps";
}

} // namespace

void RetentionFlags::add_to(CLI::App& app, const std::string& group) {
    const auto add = [this, &app](const char* name, unsigned& count, const char* description) {
        options_.push_back(
            app.add_option(name, count, description)->type_name("N")->check(check_count));
    };
    add("--keep-last", counts.last, "Keep the N newest dumps");
    add("--keep-hourly", counts.hourly, "Keep the newest dump of each of the N latest hours");
    add("--keep-daily", counts.daily, "The same for days");
    add("--keep-weekly", counts.weekly, "The same for weeks");
    add("--keep-monthly", counts.monthly, "The same for months");
    add("--keep-yearly", counts.yearly, "The same for years");
    options_.push_back(app.add_option("--keep-within", within,
                                      "Keep every dump newer than this (48h, 30d, 2w, 6m, 1y)")
                           ->type_name("LENGTH"));
    safety_option_ = app.add_option("--keep-safety", safety,
                                    "Keep every safety dump newer than this; 0: rules only")
                         ->type_name("LENGTH")
                         ->capture_default_str();
    safety_option_->group(group);
    const auto add_percent = [&](const char* name, unsigned& value, const char* description) {
        app.add_option(name, value, description)
            ->type_name("PERCENT")
            ->check(CLI::Range(0U, 100U).description(""))
            ->capture_default_str()
            ->group(group);
    };
    add_percent("--max-shrink", losses.max_shrink,
                "Delete nothing if a dump shrank by more (percent)");
    add_percent("--max-row-loss", losses.max_row_loss,
                "Delete nothing if a dump lost more of its rows (percent)");
    for (CLI::Option* option : options_) {
        option->group(group);
    }
}

bool RetentionFlags::any() const {
    return std::ranges::any_of(options_,
                               [](const CLI::Option* option) { return option->count() > 0; });
}

store::RetentionPolicy RetentionFlags::policy() const {
    store::RetentionPolicy policy = counts;
    if (within) {
        policy.within = parse_length("--keep-within", *within);
    }
    if (safety != "0") {
        policy.safety = parse_length("--keep-safety", safety);
    }
    store::require_usable(policy);
    return policy;
}

void RetentionFlags::require_rule_for_safety() const {
    if (safety_option_->count() > 0 && !any()) {
        throw base::Error{base::ErrorKind::usage,
                          "--keep-safety does nothing without a rule that says which dumps to keep",
                          "Give a rule too, such as --keep-daily 14, or leave --keep-safety out."};
    }
}

} // namespace dbbackup::cli
