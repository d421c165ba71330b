#pragma once

#include "ops/drill/throwaway_server.hpp"
#include "ops/target/created_database.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/session.hpp>
#include <dbbackup/store/manifest.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// True if the manifest has the locale of the dump's database: since format 1.1.
[[nodiscard]] bool knows_locale(const std::optional<store::Manifest>& manifest);

/// The requirements for a scratch database.
struct ScratchNeeds {
    /// Where to create it; if not set, on a throwaway server.
    std::optional<pg::Connection> server;
    int major = 0;        ///< the minimum version of the server; 0 if unknown
    std::string encoding; ///< of the dump's text, or empty
    /// The dumped database, from the manifest: for the locale.
    std::optional<store::Manifest::Database> original;
    std::uint64_t locks = 0; ///< how many locks a restore will hold
};

/// A new, empty database that nobody else knows. It is removed with this object, and so is its
/// server if that is a throwaway one. Leftovers of killed runs are removed at the start and the
/// end.
class ScratchDatabase {
public:
    /// Throws base::Error{failed} if it cannot be created.
    ScratchDatabase(const ScratchNeeds& needs, const Context& context);
    ~ScratchDatabase();
    ScratchDatabase(const ScratchDatabase&) = delete;
    ScratchDatabase& operator=(const ScratchDatabase&) = delete;

    /// The server, with this database as the target.
    [[nodiscard]] const TargetServer& server() const noexcept { return *server_; }

    [[nodiscard]] const pg::Connection& connection() const noexcept { return connection_; }

    /// For operations on it: the caller's context, with another environment.
    [[nodiscard]] const Context& context() const noexcept { return context_; }

    /// The throwaway server; null if the user gave a server.
    [[nodiscard]] const ThrowawayServer* throwaway() const noexcept {
        return throwaway_ ? &*throwaway_ : nullptr;
    }

    /// For people.
    [[nodiscard]] std::string description() const;

private:
    void find_server(const ScratchNeeds& needs, const Context& callers);
    void sweep() const noexcept;

    Context context_;
    std::optional<ThrowawayServer> throwaway_;
    pg::Connection connection_;
    std::optional<TargetServer> server_;
    /// Its application_name is the database's name: as long as the session exists, its owner is
    /// alive.
    std::optional<pg::Session> owner_;
    std::optional<CreatedDatabase> database_;
};

} // namespace dbbackup::ops
