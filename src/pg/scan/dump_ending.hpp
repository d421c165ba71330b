#pragma once

#include "pg/sql/sql_lexer.hpp"

#include <string>
#include <string_view>

namespace dbbackup::pg {

/// Checks for what pg_dump writes at the end of a dump: its completion line, and the `\unrestrict`
/// that matches the `\restrict` at the beginning (since 13.22, 14.19, 15.14, 16.10 and 17.6).
/// Nothing else may follow but comments.
class DumpEnding {
public:
    void take(const LineComment& comment);
    void take(const MetaCommand& command);
    /// SQL of any kind.
    void take_sql() noexcept;

    /// The completion line was read, and only comments since.
    [[nodiscard]] bool completed() const noexcept { return completed_; }

    /// What is wrong with the end, or nothing.
    [[nodiscard]] std::string defect() const;

private:
    void restrict_with(std::string_view key);
    void unrestrict_with(std::string_view key);

    bool completed_ = false; ///< the last thing seen was the completion line
    bool goes_on_ = false;   ///< something else came after it
    bool restricted_ = false;
    bool unrestricted_ = false; ///< after the completion line
    bool mismatched_ = false;
    std::string key_; ///< of the `\restrict` in force
};

} // namespace dbbackup::pg
