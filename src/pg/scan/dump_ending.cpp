#include "pg/scan/dump_ending.hpp"

#include "pg/gate/script_rules.hpp"

namespace dbbackup::pg {

namespace {

/// The key of `\restrict KEY`, or nothing.
std::string_view find_key(std::string_view command, std::string_view name) {
    if (!command.starts_with(name) || !is_restriction(command)) {
        return {};
    }
    command.remove_prefix(name.size());
    return command.substr(0, command.find('\r'));
}

} // namespace

void DumpEnding::take(const LineComment& comment) {
    if (comment.at_line_start && !comment.in_statement && comment.text == k_completion_line) {
        completed_ = true;
        goes_on_ = false;
    }
}

void DumpEnding::take(const MetaCommand& command) {
    if (const auto key = find_key(command.text, "restrict "); !key.empty()) {
        restrict_with(key);
    } else if (const auto end_key = find_key(command.text, "unrestrict "); !end_key.empty()) {
        unrestrict_with(end_key);
    } else {
        take_sql();
    }
}

void DumpEnding::take_sql() noexcept {
    goes_on_ = goes_on_ || completed_;
    completed_ = false;
}

void DumpEnding::restrict_with(std::string_view key) {
    take_sql();
    mismatched_ = mismatched_ || !key_.empty();
    restricted_ = true;
    unrestricted_ = false;
    key_ = key;
}

/// `pg_dump --create` lifts the restriction in the middle too, for its `\connect`.
void DumpEnding::unrestrict_with(std::string_view key) {
    mismatched_ = mismatched_ || key != key_;
    unrestricted_ = completed_;
    key_.clear();
}

std::string DumpEnding::defect() const {
    if (goes_on_) {
        return "there is text after pg_dump's completion line";
    }
    if (!completed_) {
        return "it ends without pg_dump's completion line";
    }
    if (mismatched_) {
        return "its \\restrict and \\unrestrict do not match";
    }
    return restricted_ && !unrestricted_ ? "it ends without the \\unrestrict to its \\restrict"
                                         : "";
}

} // namespace dbbackup::pg
