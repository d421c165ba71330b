#pragma once

#include "pg/gate/token_patterns.hpp"
#include "pg/sql/sql_lexer.hpp"

#include <cstdint>
#include <vector>

namespace dbbackup::pg {

/// Whether a statement, taken token by token, matches one of `patterns`, however long it is.
class StatementShape {
public:
    /// `patterns` must outlive this.
    explicit StatementShape(const TokenPatterns& patterns);

    void take(const Token& token);

    /// True if the tokens so far are a whole statement.
    [[nodiscard]] bool fits() const noexcept;

    /// The next token is the first one of a statement.
    void clear() noexcept;

private:
    using Kind = TokenPatterns::Kind;
    using Place = TokenPatterns::Place;

    void begin(const Token& token);
    void reach(const std::vector<Place>& places);
    [[nodiscard]] bool matches(const TokenPatterns::Node& node, const Token& token) const;

    const TokenPatterns& patterns_;
    std::vector<Place> reached_; ///< what may come next
    std::vector<Place> before_;
    std::vector<std::uint64_t> reached_at_; ///< by place: the step that reached it last
    std::uint64_t step_ = 0;
    unsigned brackets_ = 0;
    bool begun_ = false;
};

} // namespace dbbackup::pg
