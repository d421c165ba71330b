#pragma once

#include <dbbackup/ops/import.hpp>
#include <dbbackup/pg/session.hpp>

#include <string>

namespace dbbackup::ops {

/// Throws base::Error{refused} if the plan has objections; of several, `listener` gets each.
void require_placeable(const pg::PlacingPlan& plan, Listener& listener);

/// Throws base::Error{refused} if the tables changed since the plan was made.
void require_same_tables(const pg::PlacingTarget& planned, const pg::PlacingTarget& now,
                         const pg::PlacingPlan& plan);

/// A server's error during an import, with what to do next.
[[nodiscard]] base::Error explain_import(const pg::ServerError& error,
                                         std::chrono::milliseconds lock_timeout);

} // namespace dbbackup::ops
