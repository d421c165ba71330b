#include "ops/target/watched_session.hpp"

namespace dbbackup::ops {

void ask_to_be_watched(pg::Session& session) {
    try {
        session.execute("set client_connection_check_interval = '1s'");
    } catch (const pg::ServerError&) {
        // Then it ends when it next sends something.
    }
}

} // namespace dbbackup::ops
