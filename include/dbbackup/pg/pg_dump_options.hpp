#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// True for an option of pg_dump that some version has under exactly this name ("--table").
[[nodiscard]] bool is_option_name(std::string_view name);

/// The options that `name` ("--stat") can mean to any version of pg_dump, in full: one that is
/// called exactly so, or else all that begin so.
[[nodiscard]] std::vector<std::string> find_options(std::string_view name);

/// `words` as pg_dump of version `major` reads them, with each option by itself and in full:
/// "-Ot orders --no-comm" becomes "--no-owner --table=orders --no-comments". So all that later
/// looks at a manifest sees what pg_dump did, and no other version can read it differently.
/// An option that is not known here stays as it is, because a newer pg_dump may have it.
/// Throws base::Error{usage} if an abbreviation is ambiguous, a value is missing or not expected,
/// or a word belongs to no option.
[[nodiscard]] std::vector<std::string> spell_out_options(const std::vector<std::string>& words,
                                                         int major);

} // namespace dbbackup::pg
