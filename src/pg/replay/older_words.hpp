#pragma once

#include "pg/sql/read_sql.hpp"
#include "pg/sql/script_listener.hpp"

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// A statement of a dump in the words of an older server.
struct OlderWords {
    std::string first;
    std::vector<std::string> then = {}; ///< what `first` can no longer say
};

/// A newer pg_dump writes some things that an older server has, in words that only newer servers
/// know:
///   - pg_dump 18: NOT NULL of an inherited column as an item of its own,
///     CREATE TABLE child ( NOT NULL a ) INHERITS (parent)
///   - pg_dump 16 and 18: run_as_owner = true and streaming = off of a subscription, which servers
///     before 16 and 14 always do
///   - pg_dump 15: LOGGED of an identity column's sequence in an unlogged table. Before 15, all
///     sequences are logged
/// Nothing if a server of version `server_major` knows the statement's words.
[[nodiscard]] std::optional<OlderWords> in_older_words(const ScriptStatement& statement,
                                                       Backslashes backslashes, int server_major);

} // namespace dbbackup::pg
