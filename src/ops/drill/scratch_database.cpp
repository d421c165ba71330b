#include "ops/drill/scratch_database.hpp"

#include "ops/drill/server_binaries.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>

#include <fmt/format.h>
#include <random>

namespace dbbackup::ops {

namespace {

constexpr const char* k_name_prefix = "dbbackup_scratch_";
constexpr const char* k_name_pattern = "^dbbackup_scratch_[0-9a-f]{16}$";

std::string random_name() {
    std::random_device device;
    return fmt::format("{}{:08x}{:08x}", k_name_prefix, device(), device());
}

/// The caller's variables must not lead to another server or change the sessions there.
std::vector<std::string> environment_for_throwaway(const std::vector<std::string>& callers) {
    return {"PATH=" + path_variable(callers)};
}

bool has_locale(const ScratchNeeds& needs) {
    return needs.original && !needs.original->encoding.empty();
}

std::string encoding_for(const ScratchNeeds& needs) {
    return has_locale(needs) ? needs.original->encoding : needs.encoding;
}

/// The database's own locale if the manifest has it; else the server's default, which only fits
/// UTF-8.
pg::DatabaseLocale locale_for(const ScratchNeeds& needs) {
    if (has_locale(needs)) {
        const store::Manifest::Database& original = *needs.original;
        return {.provider = original.locale_provider,
                .collate = original.collate,
                .ctype = original.ctype,
                .icu_locale = original.icu_locale,
                .icu_rules = original.icu_rules,
                .builtin_locale = original.builtin_locale};
    }
    pg::DatabaseLocale locale;
    if (!needs.encoding.empty() && needs.encoding != "UTF8") {
        locale.collate = "C";
        locale.ctype = "C";
    }
    return locale;
}

/// Explains the server's refusal to create the database.
[[noreturn]] void throw_not_made(const pg::ServerError& error, const pg::DatabaseLocale& locale,
                                 bool on_throwaway) {
    const bool of_locale = error.server_message().find("locale") != std::string::npos ||
                           error.server_message().find("ICU") != std::string::npos;
    throw base::Error{
        base::ErrorKind::failed,
        fmt::format("the scratch database cannot be created: {}", error.server_message()),
        of_locale ? fmt::format("The dump's database has the locale {}. Install it on this machine "
                                "(Debian, Ubuntu: the package locales-all), or use a server that "
                                "has it with --scratch-url.",
                                base::printable(locale.collate))
        : on_throwaway ? "Check disk space, or use your own server with --scratch-url."
                       : "The role of --scratch-url needs CREATEDB. See the server's log."};
}

void require_version(const pg::ServerInfo& server, int major) {
    const int present = pg::major_version(server.version_number);
    if (present < major) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("the dump is from PostgreSQL {}, but the server of --scratch-url is {}",
                        major, present),
            "Use a server of that version or later."};
    }
}

} // namespace

bool knows_locale(const std::optional<store::Manifest>& manifest) {
    return manifest && !manifest->database.encoding.empty();
}

ScratchDatabase::ScratchDatabase(const ScratchNeeds& needs, const Context& context)
    : context_(context) {
    if (!needs.server) {
        context_.environment = environment_for_throwaway(context.environment);
    }
    find_server(needs, context);
    const std::string name = random_name();
    owner_.emplace(server_->open());
    (void)owner_->query("select pg_catalog.set_config('application_name', $1, false)", {name});
    sweep();
    connection_ = server_->connection_to(name);
    server_ = server_->with_target(name);
    const pg::DatabaseLocale locale = locale_for(needs);
    try {
        database_.emplace(*server_, name, encoding_for(needs), locale, context_.listener);
    } catch (const pg::ServerError& error) {
        throw_not_made(error, locale, throwaway_.has_value());
    }
}

ScratchDatabase::~ScratchDatabase() {
    if (throwaway_) {
        database_->keep(); // the whole server is removed
    } else {
        database_.reset();
        sweep();
    }
}

void ScratchDatabase::find_server(const ScratchNeeds& needs, const Context& callers) {
    if (needs.server) {
        connection_ = *needs.server;
    } else {
        const pg::ClientTools binaries = choose_server_binaries(
            callers.bin_dir, path_variable(callers.environment), needs.major);
        context_.listener.on_detail(fmt::format("starting a throwaway PostgreSQL {} from {}",
                                                binaries.version, binaries.directory.native()));
        throwaway_.emplace(binaries, throwaway_place(callers.environment), needs.locks,
                           callers.listener);
        connection_ = throwaway_->connection("postgres");
    }
    try {
        server_.emplace(connection_, context_.environment, CreateTarget::no);
    } catch (const base::Error& error) {
        throw base::Error{error.kind(), error.what(),
                          throwaway_ ? error.hint()
                                     : "Check host, port, user, password and database name in the "
                                       "URL of --scratch-url, and that the server is running."};
    }
    require_version(server_->info(), needs.major);
}

/// Removes databases of killed runs: ours by name and owner, and their creators are gone.
void ScratchDatabase::sweep() const noexcept {
    if (throwaway_) {
        return;
    }
    const sys::CleanupScope although_interrupted;
    try {
        pg::Session session = server_->open_maintenance();
        for (const auto& row :
             session.query("select pg_catalog.format('drop database if exists %I', d.datname) "
                           "from pg_catalog.pg_database d "
                           "where d.datname ~ $1 "
                           "and d.datdba = (select r.oid from pg_catalog.pg_roles r "
                           "where r.rolname = session_user) "
                           "and not exists (select from pg_catalog.pg_stat_activity a "
                           "where a.application_name = d.datname or a.datname = d.datname)",
                           {k_name_pattern})) {
            context_.listener.on_detail("removing a scratch database that a killed run left: " +
                                        base::printable(row.at(0)));
            session.execute(row.at(0));
        }
    } catch (const std::exception& error) {
        context_.listener.on_detail(
            std::string{"scratch databases of killed runs could not be looked "
                        "for: "} +
            error.what());
    }
}

std::string ScratchDatabase::description() const {
    return throwaway_ ? "a throwaway server"
                      : fmt::format("a scratch database on {}, port {}",
                                    base::printable(server_->info().host), server_->info().port);
}

} // namespace dbbackup::ops
