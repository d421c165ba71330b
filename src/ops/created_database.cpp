#include "ops/created_database.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// CREATE DATABASE with all that is decided at its birth. The columns of ICU locales: since 15, and
/// named otherwise since 17.
std::string creation_like(pg::Session& session, int major, const std::string& name,
                          const std::string& like) {
    const char* provider =
        major >= 17   ? "case d.datlocprovider when 'i' then ' LOCALE_PROVIDER icu' when 'b' then "
                        "' LOCALE_PROVIDER builtin' else ' LOCALE_PROVIDER libc' end || "
                        "coalesce(' ICU_RULES ' || pg_catalog.quote_literal(d.daticurules), '') || "
                        "coalesce(case d.datlocprovider "
                        "when 'i' then pg_catalog.format(' ICU_LOCALE %L', d.datlocale) when 'b' "
                        "then pg_catalog.format(' BUILTIN_LOCALE %L', d.datlocale) end, '')"
        : major >= 15 ? "case d.datlocprovider when 'i' then pg_catalog.format(' LOCALE_PROVIDER "
                        "icu ICU_LOCALE %L', d.daticulocale) else ' LOCALE_PROVIDER libc' end"
                      : "''";
    return session
        .query(fmt::format(
                   "select pg_catalog.format('CREATE DATABASE %I TEMPLATE template0 OWNER %I "
                   "ENCODING %L LC_COLLATE %L LC_CTYPE %L CONNECTION LIMIT %s', "
                   "$1::text, "
                   "r.rolname, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, "
                   "d.datctype, d.datconnlimit) || case t.spcname when 'pg_default' then '' "
                   "else pg_catalog.format(' TABLESPACE %I', t.spcname) end || {} "
                   "from pg_catalog.pg_database d join pg_catalog.pg_roles r on r.oid = d.datdba "
                   "join pg_catalog.pg_tablespace t on t.oid = d.dattablespace "
                   "where d.datname = $2",
                   provider),
               {name, like})
        .at(0)
        .at(0);
}

std::string quoted(pg::Session& session, const std::string& name) {
    return session.query("select pg_catalog.quote_ident($1)", {name}).at(0).at(0);
}

} // namespace

CreatedDatabase::CreatedDatabase(const TargetServer& server, std::string name,
                                 const std::string& like, Listener& listener)
    : server_(server), name_(std::move(name)), listener_(listener) {
    pg::Session session = server_.open_maintenance();
    const int major = pg::major_version(server_.info().version_number);
    // Cut short it could be there all the same, and nobody would drop it.
    const sys::CleanupScope to_its_end;
    session.execute(
        like.empty() ? fmt::format("create database {} template template0", quoted(session, name_))
                     : creation_like(session, major, name_, like));
}

CreatedDatabase::~CreatedDatabase() {
    constexpr int k_version_with_force = 13;
    if (kept_) {
        return;
    }
    const sys::CleanupScope although_interrupted;
    try {
        pg::Session session = server_.open_maintenance();
        const int major = pg::major_version(server_.info().version_number);
        session.execute(fmt::format("drop database if exists {}{}", quoted(session, name_),
                                    major >= k_version_with_force ? " with (force)" : ""));
    } catch (const base::Error& error) {
        listener_.on_warning(fmt::format("database '{}', made for the restore, could not be "
                                         "dropped again: {}",
                                         base::printable(name_), error.what()));
    }
}

} // namespace dbbackup::ops
