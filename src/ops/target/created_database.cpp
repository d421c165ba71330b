#include "ops/target/created_database.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

std::string locale_options(pg::Session& session, int major, const std::string& encoding,
                           const pg::DatabaseLocale& locale) {
    constexpr int k_version_with_providers = 15;
    std::string options;
    const auto add = [&](const char* option, const std::string& value) {
        if (!value.empty()) {
            options += fmt::format(
                " {} {}", option,
                session.query("select pg_catalog.quote_literal($1)", {value}).at(0).at(0));
        }
    };
    add("ENCODING", encoding);
    add("LC_COLLATE", locale.collate);
    add("LC_CTYPE", locale.ctype);
    if (major >= k_version_with_providers) {
        add("LOCALE_PROVIDER", locale.provider);
        add("ICU_LOCALE", locale.icu_locale);
        add("ICU_RULES", locale.icu_rules);
        add("BUILTIN_LOCALE", locale.builtin_locale);
    }
    return options;
}

/// The other options of CREATE DATABASE, copied from another database.
std::string options_like(pg::Session& session, const std::string& database) {
    return session
        .query("select pg_catalog.format(' OWNER %I CONNECTION LIMIT %s', r.rolname, "
               "d.datconnlimit) || case t.spcname when 'pg_default' then '' "
               "else pg_catalog.format(' TABLESPACE %I', t.spcname) end "
               "from pg_catalog.pg_database d join pg_catalog.pg_roles r on r.oid = d.datdba "
               "join pg_catalog.pg_tablespace t on t.oid = d.dattablespace "
               "where d.datname = $1",
               {database})
        .at(0)
        .at(0);
}

std::string quoted(pg::Session& session, const std::string& name) {
    return session.query("select pg_catalog.quote_ident($1)", {name}).at(0).at(0);
}

/// A database with subscriptions cannot be dropped. Ours have no slot on the publisher: pg_dump
/// writes them with connect = false.
void drop_subscriptions(const TargetServer& server, const std::string& database) {
    pg::Session session = server.open(server.connection_to(database));
    for (const auto& row : session.query(
             "select pg_catalog.format('alter subscription %I disable', s.subname), "
             "pg_catalog.format('alter subscription %I set (slot_name = none)', s.subname), "
             "pg_catalog.format('drop subscription %I', s.subname) "
             "from pg_catalog.pg_subscription s join pg_catalog.pg_database d "
             "on d.oid = s.subdbid where d.datname = pg_catalog.current_database()")) {
        for (const std::string& statement : row) {
            session.execute(statement);
        }
    }
}

} // namespace

CreatedDatabase::CreatedDatabase(const TargetServer& server, std::string name, Like like,
                                 Listener& listener)
    : server_(server), name_(std::move(name)), listener_(listener) {
    pg::Session session = server_.open_maintenance();
    const pg::ServerInfo& info = server_.info();
    create(session, like == Like::template0
                        ? ""
                        : options_like(session, server_.connection().database) +
                              locale_options(session, pg::major_version(info.version_number),
                                             info.encoding, info.locale));
}

CreatedDatabase::CreatedDatabase(const TargetServer& server, std::string name,
                                 const std::string& encoding, const pg::DatabaseLocale& locale,
                                 Listener& listener)
    : server_(server), name_(std::move(name)), listener_(listener) {
    pg::Session session = server_.open_maintenance();
    const int major = pg::major_version(server_.info().version_number);
    create(session, locale_options(session, major, encoding, locale));
}

void CreatedDatabase::create(pg::Session& session, const std::string& options) const {
    // If interrupted, the database could exist anyway, and nobody would drop it.
    const sys::CleanupScope to_its_end;
    session.execute(
        fmt::format("create database {} template template0{}", quoted(session, name_), options));
}

CreatedDatabase::~CreatedDatabase() {
    constexpr int k_version_with_force = 13;
    if (kept_) {
        return;
    }
    const sys::CleanupScope although_interrupted;
    try {
        drop_subscriptions(server_, name_);
    } catch (const base::Error&) {
        // Then there are none, or the next step fails and says so.
    }
    try {
        pg::Session session = server_.open_maintenance();
        const int major = pg::major_version(server_.info().version_number);
        session.execute(fmt::format("drop database if exists {}{}", quoted(session, name_),
                                    major >= k_version_with_force ? " with (force)" : ""));
    } catch (const base::Error& error) {
        listener_.on_warning(
            fmt::format("database '{}', created for the restore, could not be dropped again: {}",
                        base::printable(name_), error.what()));
    }
}

} // namespace dbbackup::ops
