#pragma once

#include <dbbackup/pg/session.hpp>

namespace dbbackup::ops {

/// Makes the server cancel its statement and release its locks soon after we were killed. Not every
/// server can: since 14, and not on every system. Not within a transaction, which a refusal would
/// end.
void ask_to_be_watched(pg::Session& session);

} // namespace dbbackup::ops
