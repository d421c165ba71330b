#include "ops/target/database_swap.hpp"

#include "ops/target/commit_outcome.hpp"

#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/other_sessions.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view k_object_in_use = "55006";
constexpr auto k_retry = 200ms;

/// The statements that copy the properties of database $1 to $2 that are not set by CREATE
/// DATABASE.
constexpr const char* k_copy_properties = R"(
select pg_catalog.format('ALTER %s SET %I TO %s',
    case r.setrole when 0 then pg_catalog.format('DATABASE %I', $2::text)
         else pg_catalog.format('ROLE %I IN DATABASE %I', o.rolname, $2::text) end,
    s.name,
    case when s.value = '""' then ''''
         when s.name in ('search_path', 'DateStyle', 'session_preload_libraries',
                         'local_preload_libraries', 'temp_tablespaces')
         then s.value else pg_catalog.quote_literal(s.value) end)
from pg_catalog.pg_db_role_setting r
join pg_catalog.pg_database d on d.oid = r.setdatabase
left join pg_catalog.pg_roles o on o.oid = r.setrole,
lateral (select pg_catalog.split_part(c, '=', 1),
                pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1)
         from pg_catalog.unnest(r.setconfig) c) s (name, value)
where d.datname = $1
union all
select pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $2::text)
from pg_catalog.pg_database d where d.datname = $1 and d.datacl is not null
union all
select pg_catalog.format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, $2::text,
    case a.grantee when 0 then 'PUBLIC' else pg_catalog.quote_ident(g.rolname) end,
    case when a.is_grantable then ' WITH GRANT OPTION' else '' end)
from pg_catalog.pg_database d, lateral pg_catalog.aclexplode(d.datacl) a
left join pg_catalog.pg_roles g on g.oid = a.grantee
where d.datname = $1
union all
select pg_catalog.format('COMMENT ON DATABASE %I IS %L', $2::text, c.description)
from pg_catalog.pg_database d
join pg_catalog.pg_shdescription c on c.objoid = d.oid
  and c.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
where d.datname = $1)";

std::string rename(pg::Session& session, const std::string& from, const std::string& to) {
    return session
        .query("select pg_catalog.format('ALTER DATABASE %I RENAME TO %I', $1::text, $2::text)",
               {from, to})
        .at(0)
        .at(0);
}

void try_to_swap(pg::Session& session, const DatabaseSwap& swap) {
    const std::string& target = swap.server.connection().database;
    session.execute("begin");
    // The one commit that counts; it also flushes those of the bulk load to disk.
    session.execute("set local synchronous_commit = on");
    const std::string id = transaction_id(session);
    if (swap.server.target_exists()) {
        for (const auto& row : session.query(k_copy_properties, {target, swap.fresh})) {
            session.execute(row.at(0));
        }
        session.execute(rename(session, target, swap.kept));
    }
    session.execute(rename(session, swap.fresh, target));
    sys::throw_if_interrupted();
    require_committed(
        session, id, [&swap] { return swap.server.open_maintenance(); }, swap.listener);
}

[[noreturn]] void throw_still_in_use(const DatabaseSwap& swap, pg::Session& session,
                                     const std::vector<pg::OtherSession>& seen) {
    const std::string& target = swap.server.connection().database;
    const auto prepared = session.query("select x.gid from pg_catalog.pg_prepared_xacts x "
                                        "where x.database = $1::text order by 1 limit 1",
                                        {target});
    if (seen.empty() && !prepared.empty()) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("database '{}' is in use by the prepared transaction '{}'",
                        base::printable(target), base::printable(prepared.front().at(0))),
            "Nothing was changed. End it there with COMMIT PREPARED or ROLLBACK PREPARED; "
            "--disconnect-others cannot."};
    }
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("gave up after waiting {} for the sessions in database '{}': {}",
                                  base::format_duration(swap.lock_timeout), base::printable(target),
                                  pg::joined(seen)),
                      "Nothing was changed. Wait until they end, allow more time with "
                      "--lock-timeout, or end them with --disconnect-others."};
}

} // namespace

void swap_databases(const DatabaseSwap& swap) {
    pg::Session session = swap.server.open_maintenance();
    const std::string& target = swap.server.connection().database;
    const auto deadline = std::chrono::steady_clock::now() + swap.lock_timeout;
    std::vector<pg::OtherSession> seen;
    while (true) {
        try {
            if (swap.others == OtherSessions::disconnect) {
                (void)pg::end_sessions_in(session, target, 0);
                (void)pg::end_sessions_in(session, swap.fresh, 0);
            }
            try_to_swap(session, swap);
            return;
        } catch (const pg::ServerError& error) {
            if (error.sqlstate() != k_object_in_use) {
                throw;
            }
            session.execute("rollback");
        }
        auto present = pg::find_sessions_in(session, target);
        std::ranges::move(pg::find_sessions_in(session, swap.fresh), std::back_inserter(present));
        const bool known = pg::same_sessions(present, seen);
        seen = std::move(present);
        if (!known && !seen.empty()) {
            swap.listener.on_warning("waiting: " + pg::joined(seen));
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            throw_still_in_use(swap, session, seen);
        }
        sys::interruptible_sleep(k_retry);
    }
}

std::vector<std::string> undo_of(const DatabaseSwap& swap) {
    pg::Session session = swap.server.open_maintenance();
    const std::string& target = swap.server.connection().database;
    return {rename(session, target, swap.fresh), rename(session, swap.kept, target)};
}

} // namespace dbbackup::ops
