#include "ops/part/part_dependents.hpp"

#include "ops/restore/proposal.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/select_tables.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <string_view>

namespace dbbackup::ops {

namespace {

/// `column` without its last name: names may contain dots within quotes.
std::string without_last_name(const std::string& column) {
    bool quoted = false;
    std::size_t last_dot = 0;
    for (std::size_t i = 0; i < column.size(); ++i) {
        quoted = column[i] == '"' ? !quoted : quoted;
        last_dot = column[i] == '.' && !quoted ? i : last_dot;
    }
    return column.substr(0, last_dot);
}

/// The table or view that a dependent is or belongs to, in the syntax of --table; empty for others.
std::string relation_of(const std::string& dependent) {
    constexpr auto k_relations = std::to_array<std::string_view>(
        {"table ", "view ", "materialized view ", "foreign table "});
    constexpr auto k_columns = std::to_array<std::string_view>({"column ", "default value for "});
    constexpr auto k_parts =
        std::to_array<std::string_view>({"constraint ", "trigger ", "policy ", "rule "});
    const auto find_in = [&dependent](const auto& kinds) {
        const auto* const kind = std::ranges::find_if(
            kinds, [&dependent](std::string_view one) { return dependent.starts_with(one); });
        return kind == kinds.end() ? std::string{} : dependent.substr(kind->size());
    };
    if (find_in(k_parts).empty()) {
        const std::string column = find_in(k_columns);
        // "table a.b in publication p" is not a table and matches no name.
        return column.empty() ? find_in(k_relations) : without_last_name(column);
    }
    const std::size_t on = dependent.rfind(" on ");
    return on == std::string::npos ? std::string{} : dependent.substr(on + 4);
}

/// --table and a name for each, or empty if the dump lacks one of them.
std::vector<std::string> choose_too(const std::vector<std::string>& dependents,
                                    const CheckedDump& dump) {
    std::set<std::string> relations;
    for (const std::string& dependent : dependents) {
        relations.insert(relation_of(dependent));
    }
    if (relations.contains("")) {
        return {};
    }
    try {
        const auto found =
            pg::find_part(dump, {.tables = {relations.begin(), relations.end()}, .schemas = {}});
        if (!found.missing_tables.empty()) {
            return {};
        }
    } catch (const base::Error&) {
        return {}; // not a name after all
    }
    std::vector<std::string> words;
    for (const std::string& relation : relations) {
        words.insert(words.end(), {"-t", relation});
    }
    return words;
}

} // namespace

void require_no_dependents_of_part(const RestoreRequest& request,
                                   const std::vector<std::string>& dependents,
                                   const CheckedDump& dump) {
    const std::vector<std::string> words = choose_too(dependents, dump);
    if (dependents.empty() || words.empty()) {
        return;
    }
    throw base::Error{
        base::ErrorKind::refused,
        fmt::format(
            "objects outside your choice depend on objects to be dropped, and would be lost: {}",
            base::list_some(dependents)),
        fmt::format("The dump holds them. To restore them too, as they are in the dump: {}. Or "
                    "restore the whole dump, without -t and -n, into a new database with --create.",
                    propose(request, words))};
}

} // namespace dbbackup::ops
