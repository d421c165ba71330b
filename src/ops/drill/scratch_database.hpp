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

/// True if the manifest says what locale the dump's database had: since format 1.1.
[[nodiscard]] bool knows_locale(const std::optional<store::Manifest>& manifest);

/// What a scratch database must be like.
struct ScratchNeeds {
    /// To make it on; a throwaway server where there is none.
    std::optional<pg::Connection> server;
    int major = 0;        ///< the least version of the server; 0 if unknown
    std::string encoding; ///< of the dump's text, or empty
    /// The database that the dump is of, as its manifest has it: for the locale.
    std::optional<store::Manifest::Database> original;
    std::uint64_t locks = 0; ///< how many a restore will hold
};

/// A new and empty database that nobody else knows of, gone with this object, and with its server
/// where that is a throwaway one. What killed runs left is removed at the start and the end.
class ScratchDatabase {
public:
    /// Throws base::Error{failed} if it cannot be had.
    ScratchDatabase(const ScratchNeeds& needs, const Context& context);
    ~ScratchDatabase();
    ScratchDatabase(const ScratchDatabase&) = delete;
    ScratchDatabase& operator=(const ScratchDatabase&) = delete;

    /// The server, with this database as the target.
    [[nodiscard]] const TargetServer& server() const noexcept { return *server_; }

    [[nodiscard]] const pg::Connection& connection() const noexcept { return connection_; }

    /// For what works with it: the caller's, but for its environment.
    [[nodiscard]] const Context& context() const noexcept { return context_; }

    /// The throwaway server; nothing if it is somebody's own.
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
    /// Its application_name is the database's name: as long as it is there, so is its owner.
    std::optional<pg::Session> owner_;
    std::optional<CreatedDatabase> database_;
};

} // namespace dbbackup::ops
