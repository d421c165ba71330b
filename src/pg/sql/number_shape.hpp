#pragma once

#include "pg/sql/sql_chars.hpp"

namespace dbbackup::pg {

/// Decides byte by byte how far a number or a `$1` parameter reaches, by the rules of PostgreSQL 16
/// and later. It matters because of what may directly follow a number: in `1E'…'` the E belongs to
/// the number and starts no escape string, in `1e--` the first dash starts no comment. Older
/// versions cut such junk elsewhere; none of it occurs in what pg_dump writes.
class NumberShape {
public:
    [[nodiscard]] static constexpr NumberShape integer() noexcept {
        return NumberShape{Part::integer};
    }

    /// After a leading point.
    [[nodiscard]] static constexpr NumberShape fraction() noexcept {
        return NumberShape{Part::fraction};
    }

    /// After the dollar sign.
    [[nodiscard]] static constexpr NumberShape parameter() noexcept {
        return NumberShape{Part::parameter};
    }

    /// Whether `c` still belongs to the number.
    [[nodiscard]] constexpr bool takes(char c) noexcept {
        const Part next = part_behind(c);
        if (next == Part::end) {
            return false;
        }
        part_ = next;
        return true;
    }

    /// In `1..10` the point belongs to no number; only the second one shows that.
    [[nodiscard]] constexpr bool ends_in_point() const noexcept { return part_ == Part::point; }

private:
    enum class Part { integer, point, fraction, parameter, mark, sign, exponent, junk, end };

    constexpr explicit NumberShape(Part part) noexcept : part_(part) {}

    [[nodiscard]] constexpr Part part_behind(char c) const noexcept {
        if (is_digit(c)) {
            return part_ == Part::point  ? Part::fraction
                   : part_ == Part::mark ? Part::junk
                   : part_ == Part::sign ? Part::exponent
                                         : part_;
        }
        if (starts_identifier(c) && part_ != Part::sign) {
            const bool may_have_exponent =
                part_ == Part::integer || part_ == Part::point || part_ == Part::fraction;
            return may_have_exponent && to_lower(c) == 'e' ? Part::mark : Part::junk;
        }
        switch (c) {
        case '.':
            return part_ == Part::integer ? Part::point : Part::end;
        case '+':
        case '-':
            return part_ == Part::mark ? Part::sign : Part::end;
        case '$':
            return part_ == Part::mark || part_ == Part::junk ? Part::junk : Part::end;
        default:
            return Part::end;
        }
    }

    Part part_;
};

} // namespace dbbackup::pg
