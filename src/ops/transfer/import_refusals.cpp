#include "ops/transfer/import_refusals.hpp"

#include "ops/lock_timed_out.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/sqlstates.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

constexpr std::string_view k_restrict_violation = "23001";
constexpr std::string_view k_foreign_key_violation = "23503";

} // namespace

void require_placeable(const pg::PlacingPlan& plan, Listener& listener) {
    const auto& objections = plan.objections;
    if (objections.empty()) {
        return;
    }
    if (objections.size() == 1) {
        const pg::PlacingObjection& only = objections.front();
        throw base::Error{base::ErrorKind::refused, base::printable(only.what),
                          "Nothing was changed. " + base::printable(only.remedy)};
    }
    for (const pg::PlacingObjection& one : objections) {
        listener.on_warning(
            fmt::format("{}. {}", base::printable(one.what), base::printable(one.remedy)));
    }
    throw base::Error{
        base::ErrorKind::refused,
        fmt::format("{} things are in the way of the import: see the warnings", objections.size()),
        "Nothing was changed."};
}

void require_same_tables(const pg::PlacingTarget& planned, const pg::PlacingTarget& now,
                         const pg::PlacingPlan& plan) {
    for (const pg::TablePlacing& table : plan.tables) {
        const pg::RelationName& name = table.target.table;
        const auto found = now.tables.find(name);
        if (found == now.tables.end() || found->second != planned.tables.at(name)) {
            throw base::Error{
                base::ErrorKind::refused,
                fmt::format("{} was altered since the import began",
                            base::printable(base::dotted_name(name.schema, name.name))),
                "Nothing was changed. Import again once the migration is done."};
        }
    }
}

base::Error explain_import(const pg::ServerError& error, std::chrono::milliseconds lock_timeout) {
    const std::string& state = error.sqlstate();
    if (state == pg::k_lock_not_available) {
        return lock_timed_out(lock_timeout, "Nothing was changed. ");
    }
    if (state == pg::k_insufficient_privilege) {
        return {base::ErrorKind::refused, error.what(),
                "Nothing was changed. The role of the URL must be able to read and write all rows "
                "of these tables: use the owner's. A policy of row-level security that hides rows "
                "from it counts too."};
    }
    if (state == k_foreign_key_violation || state == k_restrict_violation) {
        return {base::ErrorKind::refused, error.what(),
                "Nothing was changed. Import the other table too, or use --mode merge."};
    }
    return {error.kind(), error.what(),
            error.hint().empty() ? "Nothing was changed." : "Nothing was changed. " + error.hint()};
}

} // namespace dbbackup::ops
