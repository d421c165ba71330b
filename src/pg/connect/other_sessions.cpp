#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/other_sessions.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

/// What pg_stat_activity shows of a session, `a` being its row; that of other roles may be hidden.
constexpr const char* k_who =
    "coalesce(' of ' || a.usename, '') || coalesce(' (' || nullif(pg_catalog.concat_ws(', ', "
    "nullif(a.application_name, ''), a.client_addr::text, "
    "a.state || coalesce(' for ' || pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - "
    "a.state_change)::text, '')), '') || ')', '')";

std::vector<OtherSession> sessions_of(const std::vector<Session::Row>& rows) {
    std::vector<OtherSession> sessions;
    for (const Session::Row& row : rows) {
        sessions.push_back({std::stoi(row.at(0)), base::printable_line(row.at(1))});
    }
    return sessions;
}

} // namespace

std::vector<OtherSession> find_blockers(Session& session, int process_id) {
    const std::string sql = fmt::format(
        "with waiting as (select * from pg_catalog.pg_locks where pid = $1::int and not granted) "
        "select b.pid, case when b.pid = 0 then 'a prepared transaction (see pg_prepared_xacts)' "
        "else 'session ' || b.pid || {} end || coalesce(' holds a lock on ' || "
        "(select pg_catalog.string_agg(distinct w.relation::pg_catalog.regclass::text, ', ') "
        "from waiting w where w.relation is not null), ' is blocking') "
        "from (select distinct pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::int))) b(pid) "
        "left join pg_catalog.pg_stat_activity a on a.pid = b.pid order by b.pid",
        k_who);
    return sessions_of(session.query(sql, {std::to_string(process_id)}));
}

std::vector<std::string> end_sessions_in(Session& session, const std::string& database,
                                         int kept_process_id) {
    const auto others = session.query(
        "select pid from pg_catalog.pg_stat_activity where datname = $1 and pid not in "
        "(pg_catalog.pg_backend_pid(), $2::int) "
        "and coalesce(backend_type, 'client backend') = 'client backend'",
        {database, std::to_string(kept_process_id)});
    std::vector<std::string> failures;
    for (const Session::Row& other : others) {
        try {
            (void)session.query("select pg_catalog.pg_terminate_backend($1::int)", other);
        } catch (const ServerError& error) {
            failures.push_back(fmt::format("session {} could not be ended: {}", other.at(0),
                                           error.server_message()));
        }
    }
    return failures;
}

std::vector<OtherSession> find_sessions_in(Session& session, const std::string& database) {
    const std::string sql =
        fmt::format("select a.pid, 'session ' || a.pid || {} from pg_catalog.pg_stat_activity a "
                    "where a.datname = $1 and a.pid <> pg_catalog.pg_backend_pid() order by a.pid",
                    k_who);
    return sessions_of(session.query(sql, {database}));
}

std::string joined(const std::vector<OtherSession>& sessions) {
    std::string all;
    for (const OtherSession& session : sessions) {
        all += (all.empty() ? "" : "; ") + session.text;
    }
    return all;
}

bool same_sessions(const std::vector<OtherSession>& a, const std::vector<OtherSession>& b) {
    return std::ranges::equal(a, b, {}, &OtherSession::process_id, &OtherSession::process_id);
}

} // namespace dbbackup::pg
