#include "pg/replay/replay_filter.hpp"

#include "pg/gate/script_rules.hpp"
#include "pg/inventory/dumped_public.hpp"
#include "pg/inventory/outside_object.hpp"
#include "pg/sql/statement_facts.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::pg {

namespace {

constexpr const char* k_statistics =
    "statistics, which servers before 18 cannot take (ANALYZE gathers new ones)";

} // namespace

ReplayFilter::ReplayFilter(Session& session, ReplayOptions options)
    : session_(session), options_(std::move(options)),
      selection_(options_.part, options_.table_parts) {
}

void ReplayFilter::take_comment(std::string_view text) {
    // Before the first of these, pg_dump --clean drops what it is about to create.
    if (text.starts_with("-- Name: ") || text.starts_with("-- TOC entry ")) {
        in_prelude_ = false;
    }
}

bool ReplayFilter::leaves_out(const ScriptStatement& statement) {
    if (is_ours_to_do(statement.head) || is_unwanted(statement) ||
        is_too_new_statistics(statement.head) || is_about_others_object(statement) ||
        changes_nothing(statement)) {
        return true;
    }
    require_no_outside_file(statement);
    return false;
}

/// The user has been asked about the functions that were found when the dump was checked.
void ReplayFilter::require_no_outside_file(const ScriptStatement& statement) const {
    if (options_.outside_files == OutsideFiles::refuse && !statement.outside_file.empty()) {
        throw base::Error{base::ErrorKind::damaged,
                          fmt::format("the dump is not safe to run: at byte {} of its SQL a C "
                                      "function loads '{}'",
                                      base::with_thousands(statement.offset),
                                      base::printable(statement.outside_file)),
                          "Nothing was changed. The dump has changed since it was checked: find "
                          "out who writes to it."};
    }
}

bool ReplayFilter::comes_last(const ScriptStatement& statement) const {
    return selection_.comes_last(statement);
}

/// What the restore itself does.
bool ReplayFilter::is_ours_to_do(const Statement& statement) {
    if (const auto assignment = find_assignment(statement)) {
        if (assignment->parameter == "lock_timeout") {
            return true;
        }
        if (!knows(assignment->parameter)) {
            not_known_.insert("setting " + base::printable(assignment->parameter) +
                              ", which the server does not know");
            return true;
        }
    }
    if (is_about_database(statement)) {
        // It names the dumped database, which need not be the target.
        ++left_out_["comments on the database itself"];
        return true;
    }
    in_prelude_ = in_prelude_ && (clears_the_way(statement) || only_prepares(statement));
    return (in_prelude_ && clears_the_way(statement)) || creates_present_schema(statement);
}

/// Older versions wrote it for public, although every database has one; and a dump of chosen tables
/// replaces only those, in a schema that stays.
bool ReplayFilter::creates_present_schema(const Statement& statement) {
    constexpr std::size_t k_bare = 3; // CREATE SCHEMA name, and nothing made in it
    const auto schema = find_created_schema(statement);
    return schema && statement.words().size() == k_bare &&
           !session_.query("select 1 from pg_catalog.pg_namespace where nspname = $1", {*schema})
                .empty();
}

/// They stay, and our role may not set anything for them.
bool ReplayFilter::is_about_others_object(const ScriptStatement& statement) {
    if (options_.left_alone.empty()) {
        return false;
    }
    const auto object = find_outside_object(statement);
    if (!object || std::ranges::find(options_.left_alone, *object) == options_.left_alone.end()) {
        return false;
    }
    ++left_out_[fmt::format("{} {}, which belongs to another role", object->kind, object->name)];
    return true;
}

/// Statements that need the owner of something that is as the dump wants it already.
bool ReplayFilter::changes_nothing(const ScriptStatement& statement) {
    if (options_.public_schema == PublicSchema::stays) {
        DumpedPublic ignored;
        if (take_public(statement, ignored)) {
            return true;
        }
    }
    if (!statement.head.is(Verb::comment, "extension")) {
        return false;
    }
    const auto comment = find_comment(statement);
    return comment &&
           !session_
                .query("select from pg_catalog.pg_extension e where e.extname = $1 and "
                       "coalesce(pg_catalog.obj_description(e.oid, 'pg_extension'), '') = $2",
                       {statement.head.object().take_name().value_or(""), *comment})
                .empty();
}

bool ReplayFilter::is_unwanted(const ScriptStatement& statement) {
    if (options_.owners == Treatment::leave_out && sets_owner(statement.head)) {
        ++left_out_["owners"];
        return true;
    }
    if (options_.privileges == Treatment::leave_out && sets_privileges(statement.head)) {
        ++left_out_["privileges"];
        return true;
    }
    return !selection_.wants(statement);
}

/// From pg_dump 18 on a dump can hold statistics. An older server gathers its own.
bool ReplayFilter::is_too_new_statistics(const Statement& statement) {
    const std::string function = find_statistics_function(statement);
    if (function.empty()) {
        return false;
    }
    const auto [entry, is_new] = known_functions_.try_emplace(function, true);
    if (is_new) {
        const auto rows = session_.query("select pg_catalog.to_regproc($1) is not null",
                                         {"pg_catalog." + function});
        entry->second = rows.at(0).at(0) == "t";
    }
    if (!entry->second) {
        not_known_.insert(k_statistics);
    }
    return !entry->second;
}

bool ReplayFilter::knows(const std::string& parameter) {
    if (parameter.find('.') != std::string::npos || parameter == "role") {
        return true;
    }
    const auto [entry, is_new] = known_parameters_.try_emplace(parameter, true);
    if (is_new) {
        const auto rows =
            session_.query("select pg_catalog.current_setting($1, true) is not null", {parameter});
        entry->second = rows.at(0).at(0) == "t";
    }
    return entry->second;
}

std::vector<std::string> ReplayFilter::left_out() const {
    std::vector<std::string> texts;
    for (const auto& [what, count] : left_out_) {
        texts.push_back(fmt::format("{} ({} statement{})", what, count, count == 1 ? "" : "s"));
    }
    texts.insert(texts.end(), not_known_.begin(), not_known_.end());
    return texts;
}

} // namespace dbbackup::pg
