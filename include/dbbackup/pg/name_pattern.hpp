#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// A name, or a name with its schema, as pg_dump --table and psql's \d accept them: `*` for any
/// characters, `?` for one, a dot between schema and name, otherwise regular expressions. Letters
/// are folded to lower case, except between double quotes, where nothing has a special meaning and
/// "" stands for one quote.
class NamePattern {
public:
    /// Throws base::Error{usage} if `text` is not a pattern; `option` names it in the message.
    NamePattern(std::string_view text, std::string_view option);

    /// True if the pattern has a schema.
    [[nodiscard]] bool has_schema() const noexcept { return schema_.has_value(); }

    /// A pattern without a schema matches a name in any schema.
    [[nodiscard]] bool fits(const std::string& schema, const std::string& name) const;
    /// For a pattern without a schema.
    [[nodiscard]] bool fits(const std::string& name) const;

    /// Schema (perhaps none) and name, if it can only match one: it has no wildcard.
    [[nodiscard]] const std::optional<std::vector<std::string>>& literal() const noexcept {
        return literal_;
    }

private:
    std::optional<std::wregex> schema_;
    std::wregex name_;
    std::optional<std::vector<std::string>> literal_;
};

/// If `text`, given with `option` and fitting nothing, lists several patterns: how to write that, a
/// sentence with a space behind it. Else empty.
[[nodiscard]] std::string advice_on_list(std::string_view text, std::string_view option);

/// A pattern that matches only `name`.
[[nodiscard]] std::string as_pattern(const std::string& name);

} // namespace dbbackup::pg
