#pragma once

#include "pg/compare/text_hash.hpp"
#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/dump_outline.hpp>

#include <cstdint>
#include <map>

namespace dbbackup::pg {

/// Hashes large objects as pg_dump writes them: lo_open('OID', …), lowrite(0, '\x…') any number of
/// times, lo_close(0). How an object is cut into pieces makes no difference.
class LargeObjectContents {
public:
    /// False for any other statement.
    bool take(const ScriptStatement& statement);

    [[nodiscard]] const std::map<std::uint32_t, TextDigest>& digests() const noexcept {
        return digests_;
    }

private:
    std::map<std::uint32_t, TextDigest> digests_;
    TextHash hash_;
    std::uint32_t open_ = 0; ///< the OID of the current object
};

} // namespace dbbackup::pg
