#pragma once

#include <dbbackup/pg/session.hpp>

#include <string>
#include <vector>

// What a restore should know, but the target's objects do not show.

namespace dbbackup::pg {

/// The event triggers of the session's database that run while a dump is restored into it.
[[nodiscard]] std::vector<std::string> find_firing_event_triggers(Session& session);

/// Roles that own something in the session's database, or have default privileges set, and of which
/// the session's role is not a member: it can neither drop all of that nor make it again.
/// Extensions and their objects do not count.
[[nodiscard]] std::vector<std::string> find_unreachable_owners(Session& session);

/// True if the session's role may lack the right to drop all of the session's database and make it
/// again, because something belongs to others.
[[nodiscard]] bool holds_something_of_others(Session& session);

/// False if the session's database has anything that a new one lacks and survey_target() may leave
/// out: replication slots, grants on PostgreSQL's own objects, objects in its schemas.
[[nodiscard]] bool was_never_used(Session& session);

} // namespace dbbackup::pg
