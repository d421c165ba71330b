#pragma once

#include "pg/sql/script_listener.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// Passes the rows of COPY blocks on to a listener, without the `\.` at their end.
class CopiedRows {
public:
    explicit CopiedRows(ScriptListener& listener) : listener_(listener) {}

    /// As in ScriptTap.
    void take(std::string_view lines, bool ended, std::uint64_t rows_of_block);

private:
    void pass(std::string_view rows);

    ScriptListener& listener_;
    std::string held_; ///< part of a row that may be the beginning of the `\.`
};

} // namespace dbbackup::pg
