#include "pg/dump_ending.hpp"

#include "pg/sql_chars.hpp"

#include <algorithm>

namespace dbbackup::pg {

namespace {

constexpr std::string_view k_completion_line = "-- PostgreSQL database dump complete";

/// The key of `\restrict KEY` in exactly the form that pg_dump gives it, or nothing.
std::string_view find_key(std::string_view command, std::string_view name) {
    if (command.ends_with('\r')) {
        command.remove_suffix(1);
    }
    if (!command.starts_with(name)) {
        return {};
    }
    command.remove_prefix(name.size());
    const bool is_key = std::all_of(command.begin(), command.end(), [](char c) {
        return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
    });
    return is_key ? command : std::string_view{};
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
        return "it goes on behind pg_dump's completion line";
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
