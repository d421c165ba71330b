#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// A name, or a name with its schema, as pg_dump --table and psql's \d take them: `*` for any
/// characters, `?` for one, a dot between schema and name, regular expressions else. Letters are
/// folded to lower case, but between double quotes, where nothing has a special meaning and ""
/// stands for one quote.
class NamePattern {
public:
    /// Throws base::Error{usage} for what is no pattern; `option` is what the message calls it.
    NamePattern(std::string_view text, std::string_view option);

    /// True if the pattern has a schema.
    [[nodiscard]] bool has_schema() const noexcept { return schema_.has_value(); }

    /// A pattern without a schema fits a name in any.
    [[nodiscard]] bool fits(const std::string& schema, const std::string& name) const;
    /// Of a pattern without a schema.
    [[nodiscard]] bool fits(const std::string& name) const;

    /// Schema (perhaps none) and name, if it can only mean one: no wildcard is in it.
    [[nodiscard]] const std::optional<std::vector<std::string>>& literal() const noexcept {
        return literal_;
    }

private:
    std::optional<std::wregex> schema_;
    std::wregex name_;
    std::optional<std::vector<std::string>> literal_;
};

/// `name` as a pattern that fits it alone.
[[nodiscard]] std::string as_pattern(const std::string& name);

} // namespace dbbackup::pg
