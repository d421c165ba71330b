#pragma once

#include <string>
#include <string_view>

namespace dbbackup::cli {

/// What to use here instead of `word`, a command of other programs: whole sentences, or empty.
[[nodiscard]] std::string advice_on_command(std::string_view word);

/// The same for an option (`--yes`, `-d`) of the command `command`; empty if there is no advice.
/// `number` was given with it, if any: the advice then uses it.
[[nodiscard]] std::string advice_on_option(std::string_view command, std::string_view option,
                                           std::string_view number = {});

} // namespace dbbackup::cli
